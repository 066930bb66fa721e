package io.lockstep.data.formula;

import io.lockstep.data.DataException;
import io.lockstep.data.table.Column;
import io.lockstep.data.table.Table;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The rows of a table in which no needed cell is missing.
 *
 * @param rows ascending
 * @param notes for people: how many were left out, and why
 */
record CompleteRows(int[] rows, List<String> notes) {

  /**
   * Finds them.
   *
   * @param needed names of columns
   * @param na with {@link NaAction#FAIL} the first row with a missing cell is refused
   * @throws DataException for such a row
   */
  static CompleteRows of(Table table, Collection<String> needed, NaAction na) {
    List<Column> columns = needed.stream().map(table::column).toList();
    BitSet complete = new BitSet(table.rows());
    complete.set(0, table.rows());
    for (Column column : columns) {
      for (int row = complete.nextSetBit(0); row >= 0; row = complete.nextSetBit(row + 1)) {
        complete.set(row, !column.isMissing(row));
      }
    }
    int[] rows = complete.stream().toArray();
    int dropped = table.rows() - rows.length;
    if (dropped > 0 && na == NaAction.FAIL) {
      throw firstMissing(table, columns, dropped);
    }
    List<String> notes = dropped == 0 ? List.of() : List.of(note(table, columns, dropped));
    return new CompleteRows(rows, notes);
  }

  /**
   * Refuses a table of which nothing is left.
   *
   * @throws DataException if there is no row
   */
  CompleteRows requireSome(Table table) {
    if (rows.length == 0) {
      throw new DataException(
          "%s: no row is complete in the columns that the formula needs; %s"
              .formatted(table.name(), notes.getFirst()));
    }
    return this;
  }

  private static DataException firstMissing(Table table, List<Column> columns, int count) {
    int first =
        IntStream.range(0, table.rows())
            .filter(row -> columns.stream().anyMatch(column -> column.isMissing(row)))
            .findFirst()
            .orElseThrow();
    Column column = columns.stream().filter(c -> c.isMissing(first)).findFirst().orElseThrow();
    return new DataException(
        "%s: column %s: the cell is missing (rows with missing cells: %d); na = drop leaves such rows out, na = impute fills the cells"
            .formatted(table.place(first), column.name(), count));
  }

  private static String note(Table table, List<Column> columns, int dropped) {
    List<String> counts = new ArrayList<>();
    for (Column column : columns) {
      long missing = missing(column);
      if (missing > 0) {
        counts.add("%d in %s".formatted(missing, column.name()));
      }
    }
    return "%d of %d rows left out, since cells are missing: %s"
        .formatted(dropped, table.rows(), String.join(", ", counts));
  }

  /** Number of missing cells. */
  static long missing(Column column) {
    return IntStream.range(0, column.rows()).filter(column::isMissing).count();
  }
}
