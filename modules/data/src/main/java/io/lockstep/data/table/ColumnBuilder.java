package io.lockstep.data.table;

import io.lockstep.data.DataException;
import io.lockstep.data.table.Column.OddCell;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Fills a column of a known type, in a second pass. Used by one thread. */
final class ColumnBuilder {

  private final String name;
  private final ColumnType type;
  private final OddCell odd;
  private final double[] numbers;
  private final int[] codes;
  private final Map<String, Integer> codeOf = new HashMap<>();
  private final List<String> texts = new ArrayList<>();
  private int rows;

  ColumnBuilder(String name, ColumnType type, int rows, OddCell odd) {
    this.name = name;
    this.type = type;
    this.odd = odd;
    this.numbers = type == ColumnType.TEXT ? null : new double[rows];
    this.codes = type == ColumnType.TEXT ? new int[rows] : null;
  }

  /**
   * @param place of the cell's line, for messages
   * @throws DataException if the cell is not of the type
   */
  void add(String cell, String place) {
    if (type == ColumnType.TEXT) {
      codes[rows++] = Cells.isMissing(cell) ? Column.MISSING : code(cell);
    } else {
      numbers[rows++] = Cells.isMissing(cell) ? Double.NaN : value(cell, place);
    }
  }

  private int code(String cell) {
    Integer known = codeOf.putIfAbsent(cell, texts.size());
    if (known == null) {
      texts.add(cell);
      return texts.size() - 1;
    }
    return known;
  }

  private double value(String cell, String place) {
    if (type == ColumnType.NUMBER) {
      double number = Cells.number(cell);
      if (Double.isNaN(number)) {
        throw unfit(cell, place, "a finite number");
      }
      return number;
    }
    OptionalLong day = Cells.day(cell);
    if (day.isEmpty()) {
      throw unfit(cell, place, "a date such as 2011-01-31");
    }
    return day.getAsLong();
  }

  private DataException unfit(String cell, String place, String expected) {
    return new DataException(
        "%s: column %s: expected %s but found '%s'".formatted(place, name, expected, cell));
  }

  Column build() {
    return switch (type) {
      case NUMBER -> Column.numbers(name, numbers);
      case DATE -> Column.dates(name, numbers);
      case TEXT -> Column.coded(name, codes, texts, odd);
    };
  }
}
