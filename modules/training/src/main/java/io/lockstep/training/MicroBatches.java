package io.lockstep.training;

/**
 * How a step's rows are cut into micro-batches, the leaves of the reduction tree.
 *
 * <p>Leaf i has rows [i·r, min((i+1)·r, n)) of the step's n rows, r = ⌈batch / count⌉. In a short
 * last batch of an epoch the leaves without rows are absent; those with rows are always the first
 * ones.
 *
 * @param batch rows of a full step
 * @param count micro-batches of a full step, as asked for
 */
public record MicroBatches(int batch, int count) {

  private static final int DEFAULT_LEAF_ROWS = 32;

  /**
   * @throws IllegalArgumentException if batch or count is not positive, or count exceeds batch
   */
  public MicroBatches {
    if (batch < 1) {
      throw new IllegalArgumentException("train.batch: expected at least 1, found " + batch);
    }
    if (count < 1 || count > batch) {
      throw new IllegalArgumentException(
          "train.microBatches: expected 1 to %d (train.batch), found %d".formatted(batch, count));
    }
  }

  /** The default cut, {@value #DEFAULT_LEAF_ROWS} rows a leaf: it depends on the batch alone. */
  public static MicroBatches ofBatch(int batch) {
    return new MicroBatches(batch, Math.ceilDiv(batch, DEFAULT_LEAF_ROWS));
  }

  /** Rows of a whole leaf. */
  public int leafRows() {
    return Math.ceilDiv(batch, count);
  }

  /** Number of leaves that have rows in a step of {@code rows} rows. */
  public int leaves(int rows) {
    return Math.ceilDiv(rows, leafRows());
  }
}
