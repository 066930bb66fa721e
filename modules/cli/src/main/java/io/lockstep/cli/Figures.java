package io.lockstep.cli;

import io.lockstep.report.Numbers;
import java.util.Locale;

/** Numbers as people read them, the same in every country. */
final class Figures {

  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};

  private Figures() {}

  /** {@code 1,234,567}. */
  static String count(long number) {
    return Numbers.count(number);
  }

  /** {@code 1 row}, {@code 3 rows}. */
  static String count(long number, String noun) {
    return Numbers.count(number, noun);
  }

  /** {@code 4 micro-batches}. */
  static String microBatches(long number) {
    return count(number) + (number == 1 ? " micro-batch" : " micro-batches");
  }

  /** Four decimals; fewer digits for what is large. */
  static String loss(double loss) {
    if (!Double.isFinite(loss)) {
      return Double.toString(loss);
    }
    return String.format(Locale.ROOT, Math.abs(loss) < 1000 ? "%.4f" : "%.4g", loss);
  }

  /** Two decimals; a dash where there is none. */
  static String sum(Double sum) {
    return sum == null ? "-" : String.format(Locale.ROOT, "%,.2f", sum);
  }

  /** {@code 97.12 %}; a dash where there is none. */
  static String percent(Double share) {
    return share == null || share.isNaN()
        ? "-"
        : String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }

  /** {@code 41,200 rows/s}. */
  static String speed(double rowsPerSecond) {
    return String.format(Locale.ROOT, "%,.0f rows/s", rowsPerSecond);
  }

  /** {@code 4.2 s}. */
  static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.1f s", seconds);
  }

  /** Time left as {@code 0:07}, {@code 12:34} or {@code 2:00:05}; dashes where it is unknown. */
  static String clock(double seconds) {
    if (!Double.isFinite(seconds) || seconds < 0) {
      return "-:--";
    }
    long whole = Math.round(seconds);
    long minutes = whole / 60;
    return minutes < 60
        ? String.format(Locale.ROOT, "%d:%02d", minutes, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", minutes / 60, minutes % 60, whole % 60);
  }

  /** {@code 1.5 MB}, with units of 1000. */
  static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 999.5 && unit < UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    String format = unit == 0 || value >= 99.95 ? "%.0f %s" : "%.1f %s";
    return String.format(Locale.ROOT, format, value, UNITS[unit]);
  }
}
