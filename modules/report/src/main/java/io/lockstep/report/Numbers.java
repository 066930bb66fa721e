package io.lockstep.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as pictures show them, the same in every country. */
public final class Numbers {

  private static final MathContext THREE = new MathContext(3);

  private static final double ALMOST = 1e-3;

  private Numbers() {}

  /** Three digits, such as {@code 0.0123}, {@code −1.25} or {@code 1,250}. */
  public static String digits(double value) {
    double size = Math.abs(value);
    if (size == 0) {
      return "0";
    }
    if (!(size >= 1e-3 && size < 1e6)) {
      return minus(String.format(Locale.ROOT, "%.2g", value));
    }
    double rounded = new BigDecimal(size).round(THREE).doubleValue(); // 0.09999 has those of 0.1.
    int decimals = (int) Math.max(0, 2 - Math.floor(Math.log10(rounded)));
    return minus(String.format(Locale.ROOT, "%,." + decimals + "f", value));
  }

  /** As {@link #digits}, but {@code ≈ 0} for what is nothing beside {@code largest}. */
  public static String orAlmostZero(double value, double largest) {
    return value != 0 && Math.abs(value) < ALMOST * largest ? "≈ 0" : digits(value);
  }

  /** Without zeros at its end, such as {@code 0.05}, {@code 20} or {@code 1e−06}. */
  public static String plain(double value) {
    double size = Math.abs(value);
    if (size != 0 && (size < 1e-4 || size >= 1e6)) {
      return minus(String.format(Locale.ROOT, "%.0e", value));
    }
    return minus(new BigDecimal(value).round(THREE).stripTrailingZeros().toPlainString());
  }

  /** At most two decimals, such as {@code 0.95}. */
  public static String brief(double value) {
    return value >= 0.01 && value < 1 ? String.format(Locale.ROOT, "%.2f", value) : digits(value);
  }

  /** {@code 97.1 %}; {@code < 0.1 %} for what is almost nothing. */
  public static String percent(double share) {
    if (share > 0 && share < 0.0005) {
      return "< 0.1 %";
    }
    if (share < 1 && share >= 0.9995) {
      return "> 99.9 %";
    }
    return share == 1 ? "100 %" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** {@code 12,345}. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code 1 row}, {@code 3,000 rows}. */
  public static String count(long number, String noun) {
    return count(number) + " " + noun + (number == 1 ? "" : "s");
  }

  /** With a minus sign, which is as long as the plus. */
  public static String minus(String number) {
    return number.replace('-', '\u2212');
  }
}
