package io.lockstep.kernels;

/**
 * The matrix products that training needs, on packed matrices (see {@link Panels}).
 *
 * <p>Each output element is one chain {@code fma(a, b, accumulator)} over increasing depth,
 * starting from +0. So its bits do not depend on tile, vector width, number of rows beside it or
 * blocking. Arguments {@code xAt} are positions in {@code x}. Nothing is allocated; a {@link
 * Scratch} belongs to one thread.
 */
public interface Products {

  /**
   * Rearranges a packed X [rows][depth] into the row tiles that {@link #product} reads, kept in the
   * scratch space.
   *
   * @throws IllegalArgumentException if the scratch space is too small for rows by depth
   */
  void packRows(int rows, int depth, float[] x, int xAt, Scratch scratch);

  /**
   * Y = X·B for the panels [fromPanel, toPanel) of Y, overwriting them; X is what {@link #packRows}
   * left in the scratch space.
   *
   * @param b packed [depth][columns]
   * @param y packed [rows][columns]
   */
  void product(
      int rows,
      int depth,
      float[] b,
      int bAt,
      float[] y,
      int yAt,
      int fromPanel,
      int toPanel,
      Scratch scratch);

  /**
   * dW = Xᵀ·dY, summed over rows in the fixed tree of micro-batches, for the panels [fromPanel,
   * toPanel) of dW, overwriting them: one chain over the rows of each leaf, [0, leafRows),
   * [leafRows, 2·leafRows), … , then the leaves added pairwise, (0+1)+(2+3), …; a node with one
   * child is that child.
   *
   * @param x packed [rows][depth]
   * @param dY packed [rows][columns]
   * @param dW packed [depth][columns]
   */
  void productOverRows(
      int rows,
      int leafRows,
      int depth,
      float[] x,
      int xAt,
      float[] dY,
      int dYAt,
      float[] dW,
      int dWAt,
      int fromPanel,
      int toPanel,
      Scratch scratch);

  /** Bᵀ, packed [columns][rows], from B, packed [rows][columns]; the padding of Bᵀ is zero. */
  default void transpose(
      int rows, int columns, float[] b, int bAt, float[] transposed, int transposedAt) {
    transpose(rows, columns, b, bAt, transposed, transposedAt, 0, Panels.count(rows));
  }

  /**
   * The panels [fromPanel, toPanel) of Bᵀ, from B, packed [rows][columns].
   *
   * @param transposed takes panel {@code fromPanel} at {@code transposedAt}, and then the others;
   *     the padding is zero
   */
  void transpose(
      int rows,
      int columns,
      float[] b,
      int bAt,
      float[] transposed,
      int transposedAt,
      int fromPanel,
      int toPanel);

  /**
   * db[c] = Σ over rows of dY[row][c], padding columns included, in the tree of {@link
   * #productOverRows}; the chain over a leaf's rows starts from +0 and adds.
   *
   * @param db [padded columns]
   */
  void sumRows(
      int rows,
      int leafRows,
      int columns,
      float[] dY,
      int dYAt,
      float[] db,
      int dbAt,
      Scratch scratch);
}
