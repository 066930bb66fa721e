package io.lockstep.cluster;

import io.lockstep.nn.Sums;
import io.lockstep.training.Evaluation;
import io.lockstep.training.RunEvent;

/**
 * Told of a run's progress, one call at a time and in the order of the steps. Called by an actor:
 * implementations return at once, do not block, and copy what they keep. All methods do nothing
 * unless overridden.
 */
public interface RunObserver {

  /** Every shard and replica is ready: the first step begins. */
  default void started() {}

  /**
   * All buckets of version step + 1 are committed.
   *
   * @param sums those of the step's rows
   * @param nanos when, since the first step began
   */
  default void stepCommitted(long step, Sums sums, long nanos) {}

  /** Every unit of an evaluation of {@code version} is in. */
  default void evaluated(Evaluation evaluation, long version, Sums sums, long nanos) {}

  /** The run stands still at {@code version}, as asked by {@link Run#hold}. */
  default void held(long version) {}

  /** A change of who computes is prepared, and holds from the next step on. */
  default void planned(int plan) {}

  /** Someone joined, left or was refused. */
  default void event(RunEvent event) {}

  /**
   * All steps are done, or the run was stopped: {@code version} is the last, and its evaluation
   * begins.
   *
   * @param weights packed θ of that version, no longer changed
   */
  default void trained(long version, float[] weights) {}
}
