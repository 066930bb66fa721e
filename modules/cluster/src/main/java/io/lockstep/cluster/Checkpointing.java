package io.lockstep.cluster;

import io.lockstep.training.RunShape;
import io.lockstep.training.Validations;
import java.time.Duration;
import java.util.Optional;

/**
 * What of a run is kept while it goes on, and what it goes on from.
 *
 * @param everySteps steps between two checkpoints; 0: none for their number; {@link
 *     RunShape#NO_CHECKPOINTS}: none at all, not even at the end
 * @param everyEpoch whether the end of each epoch is checkpointed, too
 * @param every time between two checkpoints; zero: none for the time
 * @param validations those of the run before it was broken off
 * @param resumed what the run goes on from; empty for its initial weights
 */
public record Checkpointing(
    long everySteps,
    boolean everyEpoch,
    Duration every,
    Validations validations,
    Optional<Start> resumed) {

  /** Begins anew, and keeps nothing. */
  public static final Checkpointing NONE =
      new Checkpointing(
          RunShape.NO_CHECKPOINTS, false, Duration.ZERO, Validations.NONE, Optional.empty());

  /** The version that the run starts from. */
  long first() {
    return resumed.map(Start::version).orElse(0L);
  }
}
