package io.lockstep.data.table;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.lockstep.data.DataException;
import io.lockstep.data.store.NumberWriter;
import io.lockstep.data.table.Column.OddCell;
import java.lang.foreign.MemorySegment;
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
  private final NumberWriter cells;
  private final Map<String, Integer> codeOf = new HashMap<>();
  private final List<String> texts = new ArrayList<>();
  private int rows;

  /** A column whose cells, ints of text and else doubles, are written to {@code cells}. */
  ColumnBuilder(String name, ColumnType type, OddCell odd, NumberWriter cells) {
    this.name = name;
    this.type = type;
    this.odd = odd;
    this.cells = cells;
  }

  /**
   * @param place of the cell's line, for messages
   * @throws DataException if the cell is not of the type
   */
  void add(String cell, String place) {
    if (type == ColumnType.TEXT) {
      cells.putInt(Cells.isMissing(cell) ? Column.MISSING : code(cell));
    } else {
      cells.putDouble(Cells.isMissing(cell) ? Double.NaN : value(cell, place));
    }
    rows++;
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
    MemorySegment all = cells.finish();
    return type == ColumnType.TEXT
        ? Column.coded(name, rows, row -> all.getAtIndex(JAVA_INT, row), texts, odd)
        : Column.numbers(name, type, rows, row -> all.getAtIndex(JAVA_DOUBLE, row));
  }
}
