package io.lockstep.training;

import java.util.Arrays;

/**
 * The totals over all of θ that the update of a shard's open step needs, and what its own blocks
 * add to them. A shard that has all of θ sums them itself; others are told them.
 *
 * <p>The blocks of a bucket are measured by the thread that brings its root, before that waits; all
 * else is guarded by the lock of {@link ShardStep}.
 */
final class ShardTotals {

  private static final long ALWAYS = Long.MAX_VALUE;

  private final BlockSums own;
  private final double[] values;

  /** The totals of all steps before this one are here, as far as steps need any. */
  private volatile long end;

  /** The step that the values are of; -1 if there are none. */
  private long newest = -1;

  /** As {@link #end}, of what this shard adds. */
  private long measured;

  /**
   * @param totals that an update needs; may be 0
   * @param shard the one whose steps need them
   */
  ShardTotals(int totals, Buckets buckets, Shard shard) {
    this.own = new BlockSums(totals, buckets.parameters(), shard.from(), shard.length());
    this.values = new double[totals];
    this.end = totals == 0 ? ALWAYS : 0;
  }

  /** What each block adds. */
  BlockSums own() {
    return own;
  }

  /** Whether the totals of {@code step} are here, or it needs none. */
  boolean has(long step) {
    return step < end;
  }

  /** Whether the totals of {@code step} are needed, and here. */
  boolean areOf(long step) {
    return end != ALWAYS && step < end;
  }

  /** The totals of the newest step that has them; not changed before it is done. */
  double[] values() {
    return values;
  }

  /** Adds the newest totals that are here to what a host has of its shard. */
  ShardCopy addTo(ShardCopy copy) {
    return newest < 0
        ? copy
        : new ShardCopy(
            copy.shard(),
            copy.firstWhole(),
            copy.versions(),
            newest,
            Arrays.stream(values).boxed().toList());
  }

  /** Steps before {@code step} are done. */
  void startAt(long step) {
    if (end != ALWAYS) {
      end = Math.max(end, step);
      measured = Math.max(measured, step);
    }
  }

  /** All of the shard's blocks were measured in {@code step}: whether that is new. */
  boolean measuredAll(long step) {
    boolean isNew = step >= measured;
    measured = step + 1;
    return isNew;
  }

  /** Sums the totals of {@code step}, if all of θ is here. */
  boolean sumAlone(long step) {
    if (!own.areAll()) {
      return false;
    }
    own.sum(values);
    newest = step;
    end = step + 1;
    return true;
  }

  /**
   * Takes the totals of {@code step}; copied.
   *
   * @throws IllegalArgumentException if they are not as many as are needed
   */
  void take(long step, double[] totals) {
    if (totals.length != values.length) {
      throw new IllegalArgumentException(
          "totals: expected %d, found %d".formatted(values.length, totals.length));
    }
    System.arraycopy(totals, 0, values, 0, totals.length);
    newest = step;
    end = step + 1;
  }
}
