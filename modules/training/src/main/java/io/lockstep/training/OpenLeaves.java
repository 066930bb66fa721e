package io.lockstep.training;

import java.util.BitSet;

/**
 * Which leaves of a step are still to come, for one bucket or for the sums: what comes a second
 * time, or when the step is complete, is recognized, since a partial has the same bits whoever
 * sends it.
 *
 * <p>Thread-safe by its own lock, held for a few bits.
 */
final class OpenLeaves {

  private final BitSet taken = new BitSet();
  private long step;
  private int count;

  /** Opens {@code step}, before the first leaf is taken. */
  synchronized void startAt(long step) {
    this.step = step;
  }

  /**
   * Takes the leaves of node (level, index) of {@code step}. The step after it opens once all its
   * leaves are taken.
   *
   * @return false if one of them was taken before, or the step is not the open one
   */
  synchronized boolean take(long step, int level, int index, int leaves) {
    int first = index << level;
    int end = (int) Math.min((long) (index + 1) << level, leaves);
    int next = taken.nextSetBit(first);
    if (step != this.step || next >= 0 && next < end) {
      return false;
    }
    taken.set(first, end);
    count += end - first;
    if (count == leaves) {
      taken.clear();
      count = 0;
      this.step++;
    }
    return true;
  }

  /** Adds the leaves of {@code step} that are still to come. */
  synchronized void addMissing(long step, int leaves, BitSet missing) {
    if (step != this.step) {
      return; // It has them all.
    }
    for (int leaf = taken.nextClearBit(0); leaf < leaves; leaf = taken.nextClearBit(leaf + 1)) {
      missing.set(leaf);
    }
  }
}
