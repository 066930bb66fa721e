package io.lockstep.cluster;

import io.lockstep.nn.Sums;
import io.lockstep.training.Evaluation;
import io.lockstep.training.RunEvent;
import io.lockstep.training.StepTimes;
import io.lockstep.training.TrainingState;
import io.lockstep.training.trace.RunTrace;
import java.util.List;

/**
 * Told of a run's progress, one call at a time and in the order of the steps. Called by an actor:
 * implementations return at once, do not block, and copy what they keep. All methods do nothing
 * unless overridden.
 */
public interface RunObserver {

  /** Where the run is to stand still first; asked once, before it begins. Negative for nowhere. */
  default long firstHold() {
    return -1;
  }

  /** Every shard and replica is ready: the first step begins. */
  default void started() {}

  /**
   * All buckets of version step + 1 are committed.
   *
   * @param sums those of the step's rows
   * @param nanos when, since the first step began
   */
  default void stepCommitted(long step, Sums sums, long nanos) {}

  /**
   * Where the time of some steps went on a node: a second or two after they were done, and without
   * those of which the node knows too little.
   *
   * @param node its number
   */
  default void times(int node, List<StepTimes.Sample> samples) {}

  /** What nodes have noted of the steps that are traced; told once, as soon as it is there. */
  default void traced(RunTrace trace) {}

  /** Every unit of an evaluation of {@code version} is in. */
  default void evaluated(Evaluation evaluation, long version, Sums sums, long nanos) {}

  /** The run stands still at {@code version}, as asked by {@link Run#hold}. */
  default void held(long version) {}

  /** A checkpoint of {@code version} is about to be kept: all before it was told, nothing after. */
  default void checkpointing(long version) {}

  /**
   * The state to be kept; answered by {@link Run#checkpointKept}. The arrays are the observer's.
   */
  default void checkpoint(TrainingState state) {}

  /** The checkpoint of {@code version} could not be fetched; training goes on. */
  default void checkpointFailed(long version, String why) {}

  /**
   * A change of who computes is prepared, and holds from the next step on.
   *
   * @param nodes the names of all who compute then
   */
  default void planned(int plan, List<String> nodes) {}

  /** Someone joined, left, was refused, lost, late or replanned, or the run went on or stopped. */
  default void event(RunEvent event) {}

  /**
   * All steps are done, or the run was stopped: {@code version} is the last, and its evaluation
   * begins.
   *
   * @param weights packed θ of that version, no longer changed
   */
  default void trained(long version, float[] weights) {}
}
