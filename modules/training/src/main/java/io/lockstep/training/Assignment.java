package io.lockstep.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which worker computes which units of one sum: contiguous ranges, each taken as complete subtrees.
 *
 * <p>Units are first shared out among nodes in proportion to their workers and their speeds, then
 * within each node: so what a node sends does not depend on how many workers it divides its share
 * among. No share is larger than it must be, for the slowest to be done as early as can be. Within
 * that freedom each cut falls on the multiple of the largest power of two, since every further
 * subtree is one more gradient to move.
 */
public final class Assignment {

  private final int[] nodeCuts;
  private final int[] workerUnits;
  private final List<List<Node>> nodes;

  private Assignment(int[] nodeCuts, int[] workerUnits, List<List<Node>> nodes) {
    this.nodeCuts = nodeCuts;
    this.workerUnits = workerUnits;
    this.nodes = nodes;
  }

  /** Assigns {@code units} units to the {@code workers} workers of one node. */
  public static Assignment of(int units, int workers, int maxUnits) {
    return of(units, new int[] {workers}, maxUnits);
  }

  /** Assigns {@code units} units to nodes of the same speed. */
  public static Assignment of(int units, int[] slots, int maxUnits) {
    return of(units, slots, equal(slots.length), maxUnits);
  }

  /**
   * Assigns {@code units} units; where there are fewer of them than workers, the last workers stay
   * idle. A node is left without any only then, however slow it is: who computes nothing cannot
   * show that it has become faster.
   *
   * @param slots the number of workers of each node, each at least 1; workers are numbered node by
   *     node
   * @param speeds of each node's workers, at least 1: only their ratios count
   * @param maxUnits the most units of one subtree (bounds the rows of one pass)
   */
  public static Assignment of(int units, int[] slots, int[] speeds, int maxUnits) {
    int[] nodeCuts = nodeCuts(units, slots, speeds);
    int[] workerUnits = new int[Arrays.stream(slots).sum()];
    List<List<Node>> nodes = new ArrayList<>(workerUnits.length);
    for (int node = 0; node < slots.length; node++) {
      int from = nodeCuts[node];
      int to = nodeCuts[node + 1];
      int[] even = equal(Math.min(slots[node], Math.max(1, to - from)));
      int[] cuts = cuts(from, to, even, most(to - from, even));
      for (int slot = 0; slot < slots[node]; slot++) {
        boolean busy = slot < cuts.length - 1 && cuts[slot] < cuts[slot + 1];
        workerUnits[nodes.size()] = busy ? cuts[slot + 1] - cuts[slot] : 0;
        nodes.add(
            busy
                ? List.copyOf(Node.cover(cuts[slot], cuts[slot + 1], units, maxUnits))
                : List.of());
      }
    }
    return new Assignment(nodeCuts, workerUnits, List.copyOf(nodes));
  }

  private static int[] nodeCuts(int units, int[] slots, int[] speeds) {
    int busy = Math.min(slots.length, units);
    int[] busySlots = Arrays.copyOf(slots, busy);
    int[] busySpeeds = Arrays.copyOf(speeds, busy);
    int[] cuts = Arrays.copyOf(busyCuts(units, busySlots, busySpeeds), slots.length + 1);
    Arrays.fill(cuts, busy + 1, cuts.length, units);
    return cuts;
  }

  private static int[] busyCuts(int units, int[] slots, int[] speeds) {
    if (Arrays.stream(speeds).distinct().count() <= 1) {
      return cuts(0, units, slots, most(units, slots));
    }
    int[] shares = new int[slots.length];
    Arrays.setAll(shares, i -> slots[i] * speeds[i]);
    return cuts(0, units, shares, EarliestEnd.mostUnits(units, slots, speeds));
  }

  private static int[] equal(int parts) {
    int[] shares = new int[parts];
    Arrays.fill(shares, 1);
    return shares;
  }

  /**
   * Cuts [from, to) into parts of at most {@code most}, where that leaves a choice in proportion to
   * {@code shares}, none empty unless all are.
   */
  private static int[] cuts(int from, int to, int[] shares, int[] most) {
    int parts = shares.length;
    int units = to - from;
    int sharesSoFar = 0;
    int mostLeft = Arrays.stream(most).sum();
    int all = Arrays.stream(shares).sum();
    int[] cuts = new int[parts + 1];
    cuts[0] = from;
    for (int i = 1; i < parts; i++) {
      mostLeft -= most[i - 1];
      sharesSoFar += shares[i - 1];
      int least = Math.max(cuts[i - 1] + 1, to - mostLeft);
      int greatest = Math.min(cuts[i - 1] + most[i - 1], to - (parts - i));
      cuts[i] = roundest(least, greatest, from + (double) units * sharesSoFar / all);
    }
    cuts[parts] = to;
    return cuts;
  }

  private static int[] most(int units, int[] shares) {
    int all = Arrays.stream(shares).sum();
    return Arrays.stream(shares).map(share -> Math.ceilDiv(units * share, all)).toArray();
  }

  /**
   * The number in [least, greatest] with the most trailing zero bits; of equals the nearest to
   * {@code ideal}.
   */
  private static int roundest(int least, int greatest, double ideal) {
    int best = least;
    for (int cut = least + 1; cut <= greatest; cut++) {
      int gain = Integer.numberOfTrailingZeros(cut) - Integer.numberOfTrailingZeros(best);
      if (gain > 0 || (gain == 0 && Math.abs(cut - ideal) < Math.abs(best - ideal))) {
        best = cut;
      }
    }
    return best;
  }

  /**
   * The subtrees of {@code worker}, in the order in which it computes them; empty if it is idle.
   */
  public List<Node> nodes(int worker) {
    return nodes.get(worker);
  }

  /** Number of units of {@code worker}. */
  public int unitsOf(int worker) {
    return workerUnits[worker];
  }

  /** The first unit of the node at {@code position}. */
  public int firstUnit(int position) {
    return nodeCuts[position];
  }

  /** One past the last unit of the node at {@code position}. */
  public int endUnit(int position) {
    return nodeCuts[position + 1];
  }

  /** Whether the node at {@code position} has something to do. */
  public boolean isBusy(int position) {
    return position >= 0 && nodeCuts[position] < nodeCuts[position + 1];
  }

  /** Number of workers with something to do. */
  public int busyWorkers() {
    return (int) Arrays.stream(workerUnits).filter(count -> count > 0).count();
  }
}
