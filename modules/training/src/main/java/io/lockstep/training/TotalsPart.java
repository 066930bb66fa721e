package io.lockstep.training;

import java.util.List;

/**
 * What the blocks of one shard add to the totals over θ that an update needs (see {@link
 * io.lockstep.optim.Optimizer#totals}): the sums of the complete subtrees over these blocks.
 *
 * @param blocks of all of θ, each of {@value Buckets#BLOCK} floats but the last
 * @param from the shard's first block
 * @param to one past its last block
 * @param sums of each subtree of {@link Node#cover}, in increasing order, all its totals
 */
public record TotalsPart(int blocks, int from, int to, List<Double> sums) {

  /** Checks it. */
  public TotalsPart {
    if (from < 0 || from >= to || to > blocks) {
      throw new IllegalArgumentException(
          "totals: expected blocks of %d, found [%d, %d)".formatted(blocks, from, to));
    }
    sums = List.copyOf(sums);
    int subtrees = Node.cover(from, to, blocks, Integer.MAX_VALUE).size();
    if (sums.isEmpty() || sums.size() % subtrees != 0) {
      throw new IllegalArgumentException(
          "totals: expected sums of %d subtrees, found %d".formatted(subtrees, sums.size()));
    }
  }

  /** The subtrees whose sums these are. */
  List<Node> subtrees() {
    return Node.cover(from, to, blocks, Integer.MAX_VALUE);
  }
}
