package io.lockstep.kernels;

/**
 * The binary tree over the leaves of a sum, walked from the left with a stack of partial sums, as a
 * binary counter counts.
 *
 * <p>Leaf i is put in slot {@link #slot}(i); then it is added {@link #merges}(i, leaves) times to
 * the slot below. After the last leaf the sum is in slot 0. So seven leaves give
 * ((0+1)+(2+3))+((4+5)+6), and no zero is ever added.
 */
public final class LeafTree {
  private LeafTree() {}

  /**
   * Number of leaves of {@code leafRows} rows that {@code rows} rows make; the last may be short.
   */
  public static int leaves(int rows, int leafRows) {
    return rows / leafRows + (rows % leafRows == 0 ? 0 : 1);
  }

  /** Where on the stack leaf {@code leaf} starts: the number of partial sums to its left. */
  public static int slot(int leaf) {
    return Integer.bitCount(leaf);
  }

  /**
   * How many partial sums to its left are complete together with leaf {@code leaf}; after the last
   * leaf, all.
   */
  public static int merges(int leaf, int leaves) {
    return leaf == leaves - 1 ? Integer.bitCount(leaf) : Integer.numberOfTrailingZeros(~leaf);
  }
}
