package io.lockstep.data.formula;

import io.lockstep.data.DataException;
import io.lockstep.data.formula.TableEncoding.Source;
import io.lockstep.data.table.Column;
import io.lockstep.data.table.ColumnType;
import io.lockstep.data.table.Table;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Values for missing cells. Stateless. */
final class Imputation {

  /** A table without missing cells in its predictors, and what was done. */
  record Filled(Table table, List<String> notes) {}

  private Imputation() {}

  /**
   * The value for the missing cells of a column.
   *
   * @param rows that count
   * @param factor whether its values are levels, of which one is taken, and no mean
   * @throws DataException if all cells are missing
   */
  static Source source(Table table, String name, IntPredicate rows, boolean factor) {
    Column column = table.column(name);
    BitSet present = new BitSet(column.rows());
    IntStream.range(0, column.rows())
        .filter(rows)
        .filter(row -> !column.isMissing(row))
        .forEach(present::set);
    if (present.isEmpty()) {
      throw new DataException("%s: column %s: all cells are missing".formatted(table.name(), name));
    }
    return switch (column.type()) {
      case TEXT ->
          new Source(
              name, ColumnType.TEXT, false, null, column.label(mostFrequent(column, present)));
      case NUMBER ->
          new Source(name, ColumnType.NUMBER, false, number(column, present, factor), null);
      case DATE ->
          new Source(
              name, ColumnType.DATE, false, Math.rint(number(column, present, factor)), null);
    };
  }

  private static double number(Column column, BitSet rows, boolean factor) {
    if (factor) {
      return column.number(mostFrequent(column, rows));
    }
    double sum = 0;
    for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
      sum += column.number(row);
    }
    return sum / rows.cardinality();
  }

  /** A row with the value that most rows have, of equals the one that occurs first. */
  private static int mostFrequent(Column column, BitSet rows) {
    Map<String, Integer> counts = new HashMap<>();
    rows.stream().forEach(row -> counts.merge(column.label(row), 1, Integer::sum));
    int most = Collections.max(counts.values());
    return rows.stream()
        .filter(row -> counts.get(column.label(row)) == most)
        .findFirst()
        .orElseThrow();
  }

  /** Fills the missing cells of all sources but the response's. */
  static Filled fill(Table table, List<Source> sources) {
    Table filled = table;
    List<String> notes = new ArrayList<>();
    for (Source source : sources.stream().filter(s -> !s.response()).toList()) {
      Column column = table.column(source.name());
      long missing = CompleteRows.missing(column);
      if (missing > 0) {
        boolean text = source.type() == ColumnType.TEXT;
        filled =
            filled.with(
                text ? column.withMissingAs(source.text()) : column.withMissingAs(source.number()));
        notes.add(
            "%d missing cells of %s set to %s"
                .formatted(missing, source.name(), text ? source.text() : source.number()));
      }
    }
    return new Filled(filled, notes);
  }
}
