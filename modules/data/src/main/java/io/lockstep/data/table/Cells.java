package io.lockstep.data.table;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** What is written in a cell. Stateless. */
final class Cells {

  private static final Set<String> MISSING = Set.of("", "NA", "NaN");

  /** Java would also take hexadecimal numbers and a trailing f or d. */
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?");

  private Cells() {}

  /** Whether nothing is known of a cell without spaces around it: empty, NA or NaN. */
  static boolean isMissing(String cell) {
    return MISSING.contains(cell);
  }

  /** The number in a cell without spaces around it; NaN if there is no finite one. */
  static double number(String cell) {
    if (!NUMBER.matcher(cell).matches()) {
      return Double.NaN;
    }
    double value = Double.parseDouble(cell);
    return Double.isInfinite(value) ? Double.NaN : value;
  }

  /** Days from 1970-01-01 to the ISO date in a cell, if it holds one. */
  static OptionalLong day(String cell) {
    if (cell.length() != 10 || cell.charAt(4) != '-' || cell.charAt(7) != '-') {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(LocalDate.parse(cell).toEpochDay());
    } catch (DateTimeParseException noDate) {
      return OptionalLong.empty();
    }
  }
}
