package io.lockstep.training;

import io.lockstep.nn.Sums;

/**
 * What a shard tells of a run. Called inline by the threads that deliver partials, for one shard
 * one call at a time and in the order of the steps: implementations return at once, do not block,
 * and copy what they keep.
 */
public interface ShardListener {

  /**
   * Every bucket of this shard has version step + 1, or one of them cannot have it.
   *
   * @param layer the first layer that is not finite, as far as this shard knows; {@link Sums#NONE}
   *     if the step is good
   * @param sums those of the step's rows
   */
  void stepDone(long step, int layer, Sums sums);

  /**
   * The step that is open waits for its totals over all of θ: answered by {@link
   * ShardHost#totals(long, double[])}. Told once; whoever answers may be told again.
   *
   * @param part what this shard adds to them
   */
  default void measured(long step, TotalsPart part) {
    throw new UnsupportedOperationException("nobody sums the totals of step " + step);
  }

  /**
   * This shard has a whole snapshot of {@code version}; told before that version's {@link
   * #stepDone}, unless the version was there already.
   */
  default void snapshotTaken(long version) {}

  /** Every unit of an evaluation of {@code version} is in. */
  void evaluated(Evaluation evaluation, long version, Sums sums);

  /**
   * The connection with a worker's node, or with a standby, broke without a word that it leaves.
   */
  default void disconnected(String node, String why) {}

  /**
   * A standby has every bucket; what it tells of steps begins with those after this.
   *
   * @param version the step that is open
   */
  default void filled(long version) {}

  /** The connection of a standby with its shard's server broke. */
  default void primaryLost(String why) {}

  /** A new plan holds from step {@code version} on. */
  void begun(long version, int plan);
}
