package io.lockstep.data.table;

import java.util.function.IntFunction;

/**
 * Where rows are, for messages. Immutable and thread-safe.
 *
 * @param table what messages call it
 * @param rows their number
 * @param lines of the file, by row; null: the table is not from a file
 */
record RowPlaces(String table, int rows, Lines lines) {

  /** The line, counted from 1, on which a row begins. */
  @FunctionalInterface
  interface Lines {
    long of(int row);
  }

  /** {@code F.csv:17}, or the row's number if there are no lines. */
  String of(int row) {
    return lines == null ? table + ": row " + row : table + ":" + lines.of(row);
  }

  /** From i to the place of rows[i]. */
  IntFunction<String> of(int[] some) {
    return i -> of(some[i]);
  }
}
