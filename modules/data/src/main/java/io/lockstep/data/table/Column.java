package io.lockstep.data.table;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;

/**
 * A column of a table: a number for each row, or for text its place in the list of the column's
 * different texts. Immutable and thread-safe; where its values are kept is not its business.
 */
public final class Column {

  /** The code of a text that is missing. */
  public static final int MISSING = -1;

  /**
   * A cell that does not fit the others of its column.
   *
   * @param line of the file, counted from 1
   * @param text as it is written
   */
  public record OddCell(long line, String text) {}

  /** What is in the rows. */
  private sealed interface Values {}

  /** A number for each row, NaN where it is missing. */
  private record Numbers(IntToDoubleFunction ofRow) implements Values {}

  /** A code for each row. */
  private record Texts(IntUnaryOperator ofRow, List<String> all, OddCell odd) implements Values {}

  private final String name;
  private final ColumnType type;
  private final int rows;
  private final Values values;

  private Column(String name, ColumnType type, int rows, Values values) {
    this.name = name;
    this.type = type;
    this.rows = rows;
    this.values = values;
  }

  /**
   * Numbers.
   *
   * @param values one per row, NaN where missing; kept, not copied
   */
  public static Column numbers(String name, double... values) {
    return numbers(name, ColumnType.NUMBER, values.length, row -> values[row]);
  }

  /**
   * Dates.
   *
   * @param days from 1970-01-01, one per row, NaN where missing; kept, not copied
   */
  public static Column dates(String name, double... days) {
    return numbers(name, ColumnType.DATE, days.length, row -> days[row]);
  }

  /** Numbers or dates, wherever they are kept. */
  static Column numbers(String name, ColumnType type, int rows, IntToDoubleFunction ofRow) {
    return new Column(name, type, rows, new Numbers(ofRow));
  }

  /** Texts, one per row, null where missing. */
  public static Column texts(String name, String... values) {
    Map<String, Integer> seen = new HashMap<>();
    List<String> texts = new ArrayList<>();
    int[] codes = new int[values.length];
    for (int row = 0; row < values.length; row++) {
      String value = values[row];
      codes[row] =
          value == null
              ? MISSING
              : seen.computeIfAbsent(
                  value,
                  text -> {
                    texts.add(text);
                    return texts.size() - 1;
                  });
    }
    return coded(name, codes.length, row -> codes[row], texts, null);
  }

  /** Texts by code, wherever the codes are kept. */
  static Column coded(
      String name, int rows, IntUnaryOperator codes, List<String> texts, OddCell odd) {
    return new Column(name, ColumnType.TEXT, rows, new Texts(codes, List.copyOf(texts), odd));
  }

  /** The name in the header. */
  public String name() {
    return name;
  }

  /** What its cells are. */
  public ColumnType type() {
    return type;
  }

  /** Number of cells. */
  public int rows() {
    return rows;
  }

  /** Whether nothing is known of a row. */
  public boolean isMissing(int row) {
    return switch (values) {
      case Numbers numbers -> Double.isNaN(numbers.ofRow().applyAsDouble(row));
      case Texts texts -> texts.ofRow().applyAsInt(row) == MISSING;
    };
  }

  /**
   * A number, or the days of a date; NaN where missing.
   *
   * @throws IllegalStateException for text
   */
  public double number(int row) {
    return numbers().ofRow().applyAsDouble(row);
  }

  /**
   * Which of {@link #texts()} a row has; {@link #MISSING} for none.
   *
   * @throws IllegalStateException unless text
   */
  public int code(int row) {
    return coded().ofRow().applyAsInt(row);
  }

  private Numbers numbers() {
    if (values instanceof Numbers numbers) {
      return numbers;
    }
    throw new IllegalStateException("column " + name + " is text");
  }

  private Texts coded() {
    if (values instanceof Texts texts) {
      return texts;
    }
    throw new IllegalStateException("column " + name + " is no text");
  }

  /** The different texts, in the order in which they first occur; empty unless text. */
  public List<String> texts() {
    return values instanceof Texts texts ? texts.all() : List.of();
  }

  /**
   * The first cell of a text column that is no number although almost all others are: probably a
   * mistake.
   */
  public Optional<OddCell> oddCell() {
    return values instanceof Texts texts ? Optional.ofNullable(texts.odd()) : Optional.empty();
  }

  /** A row's cell as text, for labels and messages; null where missing. */
  public String label(int row) {
    if (isMissing(row)) {
      return null;
    }
    return switch (type) {
      case TEXT -> texts().get(code(row));
      case NUMBER -> NumberText.ofCell(number(row));
      case DATE -> LocalDate.ofEpochDay((long) number(row)).toString();
    };
  }

  /**
   * The same with another value in the rows that are missing: a view.
   *
   * @throws IllegalStateException for text
   */
  public Column withMissingAs(double value) {
    IntToDoubleFunction before = numbers().ofRow();
    return numbers(
        name,
        type,
        rows,
        row -> {
          double known = before.applyAsDouble(row);
          return Double.isNaN(known) ? value : known;
        });
  }

  /**
   * The same with a text in the rows that are missing: a view.
   *
   * @throws IllegalStateException unless text
   */
  public Column withMissingAs(String text) {
    Texts before = coded();
    int known = before.all().indexOf(text);
    List<String> all = new ArrayList<>(before.all());
    if (known < 0) {
      all.add(text);
    }
    int code = known < 0 ? all.size() - 1 : known;
    return coded(
        name,
        rows,
        row -> {
          int coded = before.ofRow().applyAsInt(row);
          return coded == MISSING ? code : coded;
        },
        all,
        before.odd());
  }

  /** The same, with nothing known of some rows: a view. */
  public Column withMissing(IntPredicate missing) {
    return switch (values) {
      case Numbers numbers ->
          numbers(
              name,
              type,
              rows,
              row -> missing.test(row) ? Double.NaN : numbers.ofRow().applyAsDouble(row));
      case Texts texts ->
          coded(
              name,
              rows,
              row -> missing.test(row) ? MISSING : texts.ofRow().applyAsInt(row),
              texts.all(),
              texts.odd());
    };
  }

  @Override
  public String toString() {
    return "%s (%s, %d rows)".formatted(name, type, rows);
  }
}
