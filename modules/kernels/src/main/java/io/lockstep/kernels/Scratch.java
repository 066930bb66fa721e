package io.lockstep.kernels;

/**
 * Working memory of one thread's matrix products: the row tiles of the left factor and the stack of
 * the reduction tree.
 *
 * <p>Not thread-safe; sized once, so that nothing is allocated in a training step.
 */
public final class Scratch {
  /** Levels of a reduction tree over at most 2³⁰ leaves. */
  private static final int TREE_LEVELS = 31;

  /** Floats of the largest register tile: 12 rows of 2 panels, or 24 rows of one. */
  static final int TILE_FLOATS = 24 * Panels.WIDTH;

  /** Floats that a vector store may overrun the last row tile by. */
  private static final int OVERRUN = Panels.WIDTH;

  final float[] packedRows;
  final float[] treeStack;

  /** A tile that stays zero: where chains start. */
  final float[] zeros;

  /**
   * @param maxRows the most rows of any left factor
   * @param maxDepth the most columns of any left factor
   */
  public Scratch(int maxRows, int maxDepth) {
    this.packedRows = new float[Math.addExact(Math.multiplyExact(maxRows, maxDepth), OVERRUN)];
    this.treeStack = new float[TREE_LEVELS * TILE_FLOATS];
    this.zeros = new float[TILE_FLOATS];
  }

  /**
   * Checks that the row tiles of a left factor fit.
   *
   * @throws IllegalArgumentException if they do not
   */
  void requireRoom(int rows, int depth) {
    int room = packedRows.length - OVERRUN;
    if ((long) rows * depth > room) {
      throw new IllegalArgumentException(
          "scratch: room for %d floats of packed rows, but %d rows by %d need %d"
              .formatted(room, rows, depth, (long) rows * depth));
    }
  }
}
