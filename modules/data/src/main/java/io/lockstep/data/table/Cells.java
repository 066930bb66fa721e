package io.lockstep.data.table;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.OptionalLong;
import java.util.Set;

/** What is written in a cell. Stateless. */
final class Cells {

  private static final Set<String> MISSING = Set.of("", "NA", "NaN");

  private Cells() {}

  /** Whether nothing is known of a cell without spaces around it: empty, NA or NaN. */
  static boolean isMissing(String cell) {
    return MISSING.contains(cell);
  }

  /** The number in a cell without spaces around it; NaN if there is no finite one. */
  static double number(String cell) {
    if (!isNumber(cell)) {
      return Double.NaN;
    }
    double value = Double.parseDouble(cell);
    return Double.isInfinite(value) ? Double.NaN : value;
  }

  /**
   * Whether a cell is {@code [+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?}; Java would also take
   * hexadecimal numbers and a trailing f or d. By hand, since a file has millions of cells.
   */
  private static boolean isNumber(String cell) {
    int whole = afterDigits(cell, afterSign(cell, 0));
    int digits = whole - afterSign(cell, 0);
    int mantissa = whole;
    if (whole < cell.length() && cell.charAt(whole) == '.') {
      mantissa = afterDigits(cell, whole + 1);
      digits += mantissa - whole - 1;
    }
    return digits > 0 && (mantissa == cell.length() || isExponent(cell, mantissa));
  }

  private static boolean isExponent(String cell, int at) {
    if (cell.charAt(at) != 'e' && cell.charAt(at) != 'E') {
      return false;
    }
    int begin = afterSign(cell, at + 1);
    return begin < cell.length() && afterDigits(cell, begin) == cell.length();
  }

  private static int afterSign(String cell, int at) {
    boolean sign = at < cell.length() && (cell.charAt(at) == '+' || cell.charAt(at) == '-');
    return sign ? at + 1 : at;
  }

  private static int afterDigits(String cell, int at) {
    int end = at;
    while (end < cell.length() && cell.charAt(end) >= '0' && cell.charAt(end) <= '9') {
      end++;
    }
    return end;
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
