package io.lockstep.training;

import java.util.List;

/**
 * What blocks of θ add to the totals of a step, and their sums in the tree over all blocks of θ:
 * that of {@link Node}, fixed by the size of θ alone. So a total has the same bits however θ is cut
 * into buckets and shards.
 *
 * <p>Not synchronized; different blocks may be written by different threads.
 */
final class BlockSums {

  private final int totals;
  private final int blocks;
  private final int from;
  private final int to;
  private final double[] parts;

  /**
   * @param totals of each block
   * @param parameters floats of all of packed θ
   * @param from position in packed θ of the first block here
   * @param length floats from there on
   */
  BlockSums(int totals, int parameters, int from, int length) {
    this.totals = totals;
    this.blocks = Math.ceilDiv(parameters, Buckets.BLOCK);
    this.from = from / Buckets.BLOCK;
    this.to = this.from + Math.ceilDiv(length, Buckets.BLOCK);
    this.parts = new double[totals * (to - this.from)];
  }

  /** Number of totals. */
  int totals() {
    return totals;
  }

  /** Where what blocks add is written, at {@link #at}. */
  double[] parts() {
    return parts;
  }

  /** Where the parts of the block begin that begins at a position of packed θ. */
  int at(int position) {
    return totals * (position / Buckets.BLOCK - from);
  }

  /** Whether all blocks of θ are here. */
  boolean areAll() {
    return from == 0 && to == blocks;
  }

  /** Writes the totals, where all blocks are here. */
  void sum(double[] into) {
    for (int total = 0; total < totals; total++) {
      into[total] = sum(Node.rootLevel(blocks), 0, total);
    }
  }

  private double sum(int level, int index, int total) {
    if (level == 0) {
      return parts[totals * (index - from) + total];
    }
    double left = sum(level - 1, 2 * index, total);
    int right = 2 * index + 1;
    return right < Node.nodesAt(level - 1, blocks) ? left + sum(level - 1, right, total) : left;
  }

  /** The sums over what is here. */
  TotalsPart part() {
    List<Double> sums =
        Node.cover(from, to, blocks, Integer.MAX_VALUE).stream()
            .flatMap(node -> sums(node).stream())
            .toList();
    return new TotalsPart(blocks, from, to, sums);
  }

  private List<Double> sums(Node node) {
    Double[] sums = new Double[totals];
    for (int total = 0; total < totals; total++) {
      sums[total] = sum(node.level(), node.index(), total);
    }
    return List.of(sums);
  }
}
