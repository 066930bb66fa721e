package io.lockstep.nn.graph;

import io.lockstep.kernels.Panels;

/**
 * Rows and columns of a matrix.
 *
 * @param rows a number, or {@link #BATCH}
 * @param columns at least 1
 */
public record Dimensions(int rows, int columns) {

  /** Stands for the rows of the batch: their number differs from evaluation to evaluation. */
  public static final int BATCH = 0;

  /**
   * @throws IllegalArgumentException if rows is below 0 or columns below 1
   */
  public Dimensions {
    if (rows < 0 || columns < 1) {
      throw new IllegalArgumentException(
          "dimensions: expected at least 1 column and no negative rows but found %d and %d"
              .formatted(columns, rows));
    }
  }

  /** Whether it has the rows of the batch. */
  public boolean isBatch() {
    return rows == BATCH;
  }

  /** The number of rows where the batch has {@code batchRows}. */
  int rows(int batchRows) {
    return isBatch() ? batchRows : rows;
  }

  int paddedColumns() {
    return Panels.paddedColumns(columns);
  }

  /** For instance {@code [rows][10]} or {@code [784][10]}. */
  @Override
  public String toString() {
    return "[%s][%d]".formatted(isBatch() ? "rows" : rows, columns);
  }
}
