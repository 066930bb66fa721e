package io.lockstep.data.table;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A column of a table: a number for each row, or for text its place in the list of the column's
 * different texts. Immutable and thread-safe.
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

  private final String name;
  private final ColumnType type;
  private final double[] numbers; // NaN where missing; null for text
  private final int[] codes; // null unless text
  private final List<String> texts;
  private final OddCell odd;

  private Column(
      String name,
      ColumnType type,
      double[] numbers,
      int[] codes,
      List<String> texts,
      OddCell odd) {
    this.name = name;
    this.type = type;
    this.numbers = numbers;
    this.codes = codes;
    this.texts = texts;
    this.odd = odd;
  }

  /**
   * Numbers.
   *
   * @param values one per row, NaN where missing; kept, not copied
   */
  public static Column numbers(String name, double... values) {
    return new Column(name, ColumnType.NUMBER, values, null, List.of(), null);
  }

  /**
   * Dates.
   *
   * @param days from 1970-01-01, one per row, NaN where missing; kept, not copied
   */
  public static Column dates(String name, double... days) {
    return new Column(name, ColumnType.DATE, days, null, List.of(), null);
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
    return new Column(name, ColumnType.TEXT, null, codes, List.copyOf(texts), null);
  }

  /** Texts by code; the arrays are kept. */
  static Column coded(String name, int[] codes, List<String> texts, OddCell odd) {
    return new Column(name, ColumnType.TEXT, null, codes, List.copyOf(texts), odd);
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
    return numbers == null ? codes.length : numbers.length;
  }

  /** Whether nothing is known of a row. */
  public boolean isMissing(int row) {
    return numbers == null ? codes[row] == MISSING : Double.isNaN(numbers[row]);
  }

  /**
   * A number, or the days of a date; NaN where missing.
   *
   * @throws IllegalStateException for text
   */
  public double number(int row) {
    if (numbers == null) {
      throw new IllegalStateException("column " + name + " is text");
    }
    return numbers[row];
  }

  /**
   * Which of {@link #texts()} a row has; {@link #MISSING} for none.
   *
   * @throws IllegalStateException unless text
   */
  public int code(int row) {
    if (codes == null) {
      throw new IllegalStateException("column " + name + " is no text");
    }
    return codes[row];
  }

  /** The different texts, in the order in which they first occur; empty unless text. */
  public List<String> texts() {
    return texts;
  }

  /**
   * The first cell of a text column that is no number although almost all others are: probably a
   * mistake.
   */
  public Optional<OddCell> oddCell() {
    return Optional.ofNullable(odd);
  }

  /** A row's cell as text, for labels and messages; null where missing. */
  public String label(int row) {
    if (isMissing(row)) {
      return null;
    }
    return switch (type) {
      case TEXT -> texts.get(codes[row]);
      case NUMBER -> NumberText.ofCell(numbers[row]);
      case DATE -> LocalDate.ofEpochDay((long) numbers[row]).toString();
    };
  }

  /**
   * The same with another value in the rows that are missing.
   *
   * @throws IllegalStateException for text
   */
  public Column withMissingAs(double value) {
    double[] filled = numbers.clone();
    for (int row = 0; row < filled.length; row++) {
      filled[row] = isMissing(row) ? value : filled[row];
    }
    return new Column(name, type, filled, null, texts, null);
  }

  /**
   * The same with a text in the rows that are missing.
   *
   * @throws IllegalStateException unless text
   */
  public Column withMissingAs(String text) {
    int known = texts.indexOf(text);
    List<String> all = new ArrayList<>(texts);
    if (known < 0) {
      all.add(text);
    }
    int code = known < 0 ? texts.size() : known;
    int[] filled = Arrays.stream(codes).map(c -> c == MISSING ? code : c).toArray();
    return new Column(name, type, null, filled, List.copyOf(all), odd);
  }

  /** The same, with nothing known of the given rows. */
  public Column withMissing(boolean[] rows) {
    double[] lessNumbers = numbers == null ? null : numbers.clone();
    int[] lessCodes = codes == null ? null : codes.clone();
    for (int row = 0; row < rows.length; row++) {
      if (rows[row] && lessNumbers != null) {
        lessNumbers[row] = Double.NaN;
      } else if (rows[row]) {
        lessCodes[row] = MISSING;
      }
    }
    return new Column(name, type, lessNumbers, lessCodes, texts, odd);
  }

  @Override
  public String toString() {
    return "%s (%s, %d rows)".formatted(name, type, rows());
  }
}
