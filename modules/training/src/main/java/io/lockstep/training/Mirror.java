package io.lockstep.training;

import io.lockstep.nn.Sums;

/**
 * The way from a shard to its standby on another node, which applies the same updates. A bucket's
 * new version is published only after the standby has {@linkplain Mirroring#acknowledged(int, long)
 * acknowledged} it: so whatever anybody has seen of a shard, its standby has, too.
 *
 * <p>Called inline by the threads that deliver partials, under locks of the shard: implementations
 * copy or encode what they need before they return, keep the order of calls, never wait and never
 * call back. Of each bucket at most one root is under way.
 */
public interface Mirror {

  /** A bucket of an array of the shard's state, as of {@link Keeping#snapshot}, at a version. */
  void state(long version, int bucket, int array, float[] values, int at);

  /** The sums over all of {@code step}, told before any root of the step. */
  void sums(long step, Sums sums);

  /** The totals that the update of {@code step} needs, if it needs any; told before any root. */
  void totals(long step, double[] totals);

  /** The sum over all of {@code step} of a bucket's gradient, to be applied. */
  void root(long step, int bucket, Partial root);

  /** The sums of an evaluation, which is complete; to be acknowledged, too. */
  void evaluated(Evaluation evaluation, long version, Sums sums);
}
