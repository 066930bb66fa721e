package io.lockstep.report;

import java.util.Locale;

/** Numbers as pictures show them, the same in every country. */
final class Numbers {

  private Numbers() {}

  /** Three digits, such as {@code 0.0123}, {@code −1.25} or {@code 1,250}. */
  static String digits(double value) {
    double size = Math.abs(value);
    if (size == 0) {
      return "0";
    }
    if (size >= 1e6 || size < 1e-3) {
      return minus(String.format(Locale.ROOT, "%.2g", value));
    }
    int decimals = (int) Math.max(0, 2 - Math.floor(Math.log10(size)));
    return minus(String.format(Locale.ROOT, "%,." + decimals + "f", value));
  }

  /** At most two decimals, such as {@code 0.95}. */
  static String brief(double value) {
    return value >= 0.01 && value < 1 ? String.format(Locale.ROOT, "%.2f", value) : digits(value);
  }

  /** {@code 97.1 %}; {@code < 0.1 %} for what is almost nothing. */
  static String percent(double share) {
    if (share > 0 && share < 0.0005) {
      return "< 0.1 %";
    }
    if (share < 1 && share >= 0.9995) {
      return "> 99.9 %";
    }
    return share == 1 ? "100 %" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** {@code 12,345}. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** With a minus sign, which is as long as the plus. */
  static String minus(String number) {
    return number.replace('-', '\u2212');
  }
}
