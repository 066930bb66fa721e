package io.lockstep.training;

import java.util.ArrayList;
import java.util.List;

/**
 * A node of the fixed binary reduction tree over the units of a sum (micro-batches of a step, or
 * units of an evaluation).
 *
 * <p>Node (level, index) covers units [index·2^level, min((index+1)·2^level, units)). A node with
 * one child is that child.
 *
 * @param level 0 for a single unit
 * @param index position among the nodes of this level
 */
public record Node(int level, int index) {

  /** The first unit covered. */
  public int first() {
    return index << level;
  }

  /** One past the last unit covered, in a tree over {@code units} units. */
  public int end(int units) {
    return (int) Math.min((long) (index + 1) << level, units);
  }

  /**
   * The level of the highest ancestor of node (level, index) whose units all lie in [from, to), in
   * a tree over {@code units} units: how far sums can be completed by whoever has those units.
   */
  public static int topLevel(int level, int index, int units, int from, int to) {
    int root = rootLevel(units);
    while (level < root) {
      int parent = index >> 1;
      int first = parent << (level + 1);
      if (first < from || Math.min((long) (parent + 1) << (level + 1), units) > to) {
        return level;
      }
      level++;
      index = parent;
    }
    return level;
  }

  /** The level of the root of a tree over {@code units} units. */
  public static int rootLevel(int units) {
    return units <= 1 ? 0 : 32 - Integer.numberOfLeadingZeros(units - 1);
  }

  /** The number of nodes at {@code level} in a tree over {@code units} units. */
  public static int nodesAt(int level, int units) {
    return (int) (((long) units + (1L << level) - 1) >>> level);
  }

  /** Whether there is a node (level, index) in a tree over {@code units} units. */
  static boolean isIn(int level, int index, int units) {
    return level >= 0 && level <= rootLevel(units) && index >= 0 && index < nodesAt(level, units);
  }

  /**
   * The fewest complete subtrees, none over more than {@code maxUnits} units, that cover exactly
   * the units [from, to), in increasing order. The tree's own right edge counts as complete.
   *
   * @param maxUnits at least 1
   */
  public static List<Node> cover(int from, int to, int units, int maxUnits) {
    List<Node> nodes = new ArrayList<>();
    int maxLevel = 31 - Integer.numberOfLeadingZeros(maxUnits);
    int at = from;
    while (at < to) {
      int level =
          Math.min(maxLevel, at == 0 ? rootLevel(units) : Integer.numberOfTrailingZeros(at));
      while (new Node(level, at >>> level).end(units) > to) {
        level--;
      }
      Node node = new Node(level, at >>> level);
      nodes.add(node);
      at = node.end(units);
    }
    return nodes;
  }
}
