package io.lockstep.training;

import io.lockstep.nn.Sums;

/**
 * What an exchange tells of a run. Called inline by compute threads, one call at a time and in the
 * order of the steps: implementations return at once, do not block, and copy what they keep.
 */
public interface RunObserver {

  /** Every shard and replica is ready: the first step begins. */
  void started();

  /** All buckets of version step + 1 are committed; {@code sums} are those of the step's rows. */
  void stepCommitted(long step, Sums sums);

  /** Every unit of an evaluation of {@code version} is in. */
  void evaluated(Evaluation evaluation, long version, Sums sums);

  /**
   * All steps are done, or the run was stopped: {@code version} is the last, and its evaluation
   * begins.
   *
   * @param weights packed θ of that version, no longer changed
   */
  void trained(long version, float[] weights);

  /**
   * {@code step} gave a loss or a weight that is not finite, first in {@code layer}; version {@code
   * step} stays the last.
   */
  void diverged(long step, int layer);
}
