package io.lockstep.training;

import java.util.ArrayList;
import java.util.List;

/**
 * Which worker computes which units of one sum: contiguous ranges, each taken as complete subtrees.
 *
 * <p>The largest share is as small as it can be. Within that freedom each cut falls on the multiple
 * of the largest power of two, since every further subtree of a worker is one more gradient to
 * move.
 */
public final class Assignment {

  private final int[] cuts;
  private final List<List<Node>> nodes;

  private Assignment(int[] cuts, List<List<Node>> nodes) {
    this.cuts = cuts;
    this.nodes = nodes;
  }

  /**
   * Assigns {@code units} units to {@code workers} workers; with fewer units than workers the last
   * ones stay idle.
   *
   * @param maxUnits the most units of one subtree (bounds the rows of one pass)
   */
  public static Assignment of(int units, int workers, int maxUnits) {
    int[] cuts = cuts(units, Math.min(workers, units));
    List<List<Node>> nodes = new ArrayList<>(workers);
    for (int worker = 0; worker < workers; worker++) {
      boolean busy = worker < cuts.length - 1;
      nodes.add(
          busy
              ? List.copyOf(Node.cover(cuts[worker], cuts[worker + 1], units, maxUnits))
              : List.of());
    }
    return new Assignment(cuts, List.copyOf(nodes));
  }

  private static int[] cuts(int units, int busy) {
    int most = Math.ceilDiv(units, busy);
    int[] cuts = new int[busy + 1];
    for (int i = 1; i < busy; i++) {
      int left = busy - i;
      int least = Math.max(cuts[i - 1] + 1, units - left * most);
      int greatest = Math.min(cuts[i - 1] + most, units - left);
      cuts[i] = roundest(least, greatest, (double) units * i / busy);
    }
    cuts[busy] = units;
    return cuts;
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
    return worker < cuts.length - 1 ? cuts[worker + 1] - cuts[worker] : 0;
  }

  /** Number of workers with something to do. */
  public int busyWorkers() {
    return cuts.length - 1;
  }
}
