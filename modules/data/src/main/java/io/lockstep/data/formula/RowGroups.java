package io.lockstep.data.formula;

import io.lockstep.data.DataException;
import io.lockstep.data.table.Column;
import io.lockstep.data.table.Table;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Which rows of an encoded table belong together, such as those of one day.
 *
 * @param ofRows [rows], the group of each, from 0 in the order in which they begin
 */
public record RowGroups(int[] ofRows) {

  /** Each row is a group of its own. */
  static RowGroups none(EncodedTable rows) {
    return new RowGroups(IntStream.range(0, rows.rows()).toArray());
  }

  /**
   * Rows with the same value in a column.
   *
   * @throws DataException if there is no such column, or a cell of it is missing, naming the line
   */
  static RowGroups by(String name, Table table, EncodedTable rows) {
    Column column = table.column(name);
    Map<String, Integer> groups = new HashMap<>();
    int[] ofRows = new int[rows.rows()];
    for (int row = 0; row < ofRows.length; row++) {
      String value = column.label(rows.tableRow(row));
      if (value == null) {
        throw new DataException(
            "%s: column %s: the cell is missing, but rows are to be kept together by it (data.table.group)"
                .formatted(table.place(rows.tableRow(row)), name));
      }
      Integer known = groups.putIfAbsent(value, groups.size());
      ofRows[row] = known == null ? groups.size() - 1 : known;
    }
    return new RowGroups(ofRows);
  }
}
