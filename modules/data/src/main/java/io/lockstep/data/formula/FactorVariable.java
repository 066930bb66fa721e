package io.lockstep.data.formula;

import io.lockstep.data.CodeColumn;
import io.lockstep.data.DataException;
import io.lockstep.data.table.Column;
import io.lockstep.data.table.ColumnType;
import io.lockstep.data.table.Table;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * A column whose values are levels. Immutable.
 *
 * @param label as R writes it
 * @param column its name
 * @param levels in order
 * @param unseen what other values count as
 */
record FactorVariable(String label, String column, List<String> levels, UnseenLevels unseen)
    implements Variable {

  /** The code of a level that is not known. */
  private static final int UNSEEN = -2;

  private static final int SHOWN_LEVELS = 10;

  /**
   * The levels that a column has in some rows: numbers and dates ascending, texts by their
   * characters' codes as R sorts them in the C locale.
   */
  static List<String> levels(Column column, IntPredicate rows) {
    IntStream present =
        IntStream.range(0, column.rows()).filter(rows).filter(row -> !column.isMissing(row));
    if (column.type() == ColumnType.TEXT) {
      return present.map(column::code).distinct().mapToObj(column.texts()::get).sorted().toList();
    }
    SortedMap<Double, String> labels = new TreeMap<>();
    present.forEach(row -> labels.computeIfAbsent(key(column, row), key -> column.label(row)));
    return labels.values().stream().distinct().toList(); // Numbers that look alike are one level.
  }

  /** Zero has one sign. */
  private static double key(Column column, int row) {
    return column.number(row) + 0.0;
  }

  @Override
  public List<String> names(boolean full) {
    return levels.stream().skip(full ? 0 : 1).map(level -> label + level).toList();
  }

  @Override
  public Values over(Table table) {
    Codes codes = codesOver(table);
    return (row, full, out) -> {
      int first = full ? 0 : 1;
      Arrays.fill(out, 0, levels.size() - first, 0);
      int code = codes.of(row);
      if (code >= first) {
        out[code - first] = 1;
      }
    };
  }

  /** The codes of the levels that the rows of a table have; thread-safe. */
  @FunctionalInterface
  interface Codes {

    /**
     * The code of a row without missing cells: the level, counted from 0, or {@link
     * CodeColumn#NO_LEVEL}.
     *
     * @throws DataException if the level is unseen, and that is an error
     */
    int of(int row);
  }

  /** The codes over a table that has the column. */
  Codes codesOver(Table table) {
    IntUnaryOperator codes = codes(table.column(column));
    return row -> {
      int known = codes.applyAsInt(row);
      return known == UNSEEN ? unseen(table, row) : known;
    };
  }

  /** The level of each row, as a class; unseen ones are refused. */
  IntUnaryOperator classes(Table table) {
    return codes(table.column(column));
  }

  /** Refuses a row whose class is not known. */
  int requireClass(int code, Table table, int row) {
    return code >= 0 ? code : refuse(table, row);
  }

  private int unseen(Table table, int row) {
    return switch (unseen) {
      case FAIL, MISSING -> refuse(table, row);
      case REFERENCE -> 0;
      case OTHER -> CodeColumn.NO_LEVEL;
    };
  }

  private int refuse(Table table, int row) {
    String known = String.join(", ", levels.subList(0, Math.min(SHOWN_LEVELS, levels.size())));
    throw new DataException(
        "%s: column %s: '%s' is none of the levels that the formula was fitted to: %s%s"
            .formatted(
                table.place(row),
                column,
                table.column(column).label(row),
                known,
                levels.size() > SHOWN_LEVELS ? ", …" : ""));
  }

  /** Which rows have a level that is not known. */
  IntPredicate unseenRows(Table table) {
    IntUnaryOperator codes = codes(table.column(column));
    return row -> codes.applyAsInt(row) == UNSEEN;
  }

  /** The code of each row, found when it is asked for, since a table may have very many. */
  private IntUnaryOperator codes(Column values) {
    Map<String, Integer> codeOfLevel = new HashMap<>();
    for (String level : levels) {
      codeOfLevel.put(level, codeOfLevel.size());
    }
    IntUnaryOperator present =
        values.type() == ColumnType.TEXT
            ? ofTexts(values, codeOfLevel)
            : ofNumbers(values, codeOfLevel);
    return row -> values.isMissing(row) ? Column.MISSING : present.applyAsInt(row);
  }

  private static IntUnaryOperator ofTexts(Column values, Map<String, Integer> codeOfLevel) {
    int[] codes =
        values.texts().stream().mapToInt(text -> codeOfLevel.getOrDefault(text, UNSEEN)).toArray();
    return row -> codes[values.code(row)];
  }

  /** To write a number is slow, so it is done once for each that is a level. */
  private static IntUnaryOperator ofNumbers(Column values, Map<String, Integer> codeOfLevel) {
    Map<Double, Integer> codeOfNumber = new ConcurrentHashMap<>();
    return row -> {
      Double number = key(values, row);
      Integer known = codeOfNumber.get(number);
      if (known == null) {
        known = codeOfLevel.getOrDefault(values.label(row), UNSEEN);
        if (known != UNSEEN) {
          codeOfNumber.put(number, known);
        }
      }
      return known;
    };
  }
}
