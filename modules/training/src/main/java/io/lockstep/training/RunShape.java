package io.lockstep.training;

import java.util.List;

/**
 * What the course of a run needs to know of its job.
 *
 * @param workers workers that it starts with at least, over all nodes
 * @param shards shards of θ
 * @param first the version that it starts from; 0 unless it goes on from a checkpoint
 * @param steps steps of the run: its last version
 * @param evaluations those that have rows
 * @param checkpointEvery steps between two checkpoints; 0: at the end and when asked for; {@value
 *     #NO_CHECKPOINTS}: none but those of the best weights, where they are wanted
 * @param checkpointEpoch steps of an epoch if each epoch's end is to be checkpointed, too; else 0
 * @param stopping what validations decide
 * @param validations those before {@code first}
 * @param microBatches of a full step
 * @param standbys of each shard that are wanted: 0 or 1
 */
public record RunShape(
    int workers,
    int shards,
    long first,
    long steps,
    List<Evaluation> evaluations,
    long checkpointEvery,
    long checkpointEpoch,
    EarlyStopping stopping,
    Validations validations,
    int microBatches,
    int standbys) {

  /** For a run that nobody keeps. */
  public static final long NO_CHECKPOINTS = -1;

  boolean checkpoints() {
    return checkpointEvery != NO_CHECKPOINTS;
  }

  /** The first version from {@code soonest} on that is to be checkpointed. */
  long nextCheckpoint(long soonest) {
    return Math.min(next(soonest, checkpointEvery), next(soonest, checkpointEpoch));
  }

  private static long next(long soonest, long every) {
    return every < 1 ? Long.MAX_VALUE : Math.ceilDiv(soonest, every) * every;
  }
}
