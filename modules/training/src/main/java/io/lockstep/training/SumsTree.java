package io.lockstep.training;

import io.lockstep.nn.Sums;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The reduction tree of the sums beside a gradient, or of an evaluation: the same fixed tree, over
 * a few doubles.
 *
 * <p>Thread-safe by its own lock, held for a few additions. After the root is complete it is empty
 * again.
 */
final class SumsTree {

  private final int[] levelStart;

  /** Each made when it is first used: a node uses few of them. */
  private final Sums[] waiting;

  private final boolean[] present;
  private final BitSet covered = new BitSet();

  SumsTree(int maxUnits) {
    this.levelStart = new int[Node.rootLevel(maxUnits) + 2];
    for (int level = 0; level < levelStart.length - 1; level++) {
      levelStart[level + 1] = levelStart[level] + Node.nodesAt(level, maxUnits);
    }
    this.waiting = new Sums[levelStart[levelStart.length - 1]];
    this.present = new boolean[waiting.length];
  }

  /** As {@link #accept(int, int, int, int, Sums, Sums)}, up to the root. */
  boolean accept(int level, int index, int units, Sums sums, Sums root) {
    return accept(level, index, units, Node.rootLevel(units), sums, root);
  }

  /**
   * Takes the sums of node (level, index), copying them; a node of which units are in already is
   * dropped, since its sums are the same whoever sends them.
   *
   * @param topLevel the level of the ancestor that is to be completed
   * @param root overwritten unless the node is dropped; holds the sums of that ancestor if this
   *     completed them
   * @return whether it did
   */
  synchronized boolean accept(int level, int index, int units, int topLevel, Sums sums, Sums root) {
    int first = index << level;
    int end = (int) Math.min((long) (index + 1) << level, units);
    if (covered.nextSetBit(first) >= 0 && covered.nextSetBit(first) < end) {
      return false;
    }
    covered.set(first, end);
    root.copy(sums);
    for (; level < topLevel; level++, index >>= 1) {
      if ((index ^ 1) >= Node.nodesAt(level, units)) {
        continue;
      }
      int parent = levelStart[level + 1] + (index >> 1);
      if (!present[parent]) {
        present[parent] = true;
        slot(parent).copy(root);
        return false;
      }
      present[parent] = false;
      root.add(waiting[parent]);
    }
    covered.clear(index << level, (int) Math.min((long) (index + 1) << level, units));
    return true;
  }

  private Sums slot(int parent) {
    if (waiting[parent] == null) {
      waiting[parent] = new Sums();
    }
    return waiting[parent];
  }

  /** Units of which nothing is in. */
  synchronized List<Integer> missing(int units) {
    BitSet missing = new BitSet();
    missing.set(0, units);
    missing.andNot(covered);
    return missing.stream().boxed().toList();
  }

  /** Drops what waits; for a sum that was broken off. */
  synchronized void clear() {
    Arrays.fill(present, false);
    covered.clear();
  }
}
