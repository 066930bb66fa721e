package io.lockstep.data;

import java.util.Objects;

/**
 * Some rows of a dataset, in an order: position p of the partition is row {@code row(p)} of the
 * data. Immutable and thread-safe.
 */
public final class Partition {

  private final Dataset data;
  private final int first;
  private final int size;
  private final int[] rows; // null: the rows from first on

  private Partition(Dataset data, int first, int size, int[] rows) {
    this.data = data;
    this.first = first;
    this.size = size;
    this.rows = rows;
  }

  /** All rows. */
  public static Partition all(Dataset data) {
    return range(data, 0, data.rows());
  }

  /** Rows [from, to). */
  public static Partition range(Dataset data, int from, int to) {
    Objects.checkFromToIndex(from, to, data.rows());
    return new Partition(data, from, to - from, null);
  }

  /** The given rows in the given order; the array is copied. */
  public static Partition of(Dataset data, int[] rows) {
    for (int row : rows) {
      Objects.checkIndex(row, data.rows());
    }
    return new Partition(data, 0, rows.length, rows.clone());
  }

  /** The dataset that the rows are of. */
  public Dataset data() {
    return data;
  }

  /** Number of rows. */
  public int size() {
    return size;
  }

  /** Whether there are no rows, for instance no validation. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** The dataset's row at a position. */
  public int row(int position) {
    Objects.checkIndex(position, size);
    return rows == null ? first + position : rows[position];
  }

  /**
   * Overwrites {@code positions[from .. from + count)} with the dataset's rows at those positions.
   */
  public void toRows(int[] positions, int from, int count) {
    for (int i = from; i < from + count; i++) {
      positions[i] = row(positions[i]);
    }
  }

  @Override
  public String toString() {
    return "%d rows of %s".formatted(size, data.name());
  }
}
