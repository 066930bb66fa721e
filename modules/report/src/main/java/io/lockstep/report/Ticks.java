package io.lockstep.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Round numbers on an axis: multiples of 1, 2 or 5 times a power of ten.
 *
 * @param values ascending, all within the axis
 * @param labels as text, with equally many decimals
 */
record Ticks(List<Double> values, List<String> labels) {

  /** Height of the labels' text. */
  static final double TEXT = 11;

  /** Between two labels, at least. */
  static final double GAP = 6;

  /** From here on there is not room for all digits. */
  private static final double LARGE = 1e8;

  /** Nor is there where ticks are closer than this. */
  private static final double CLOSE = 1e-6;

  /**
   * The most that fit.
   *
   * @param low end of the axis
   * @param high other end, above low
   * @param most number of ticks, at least 2
   */
  static Ticks of(double low, double high, int most) {
    return every(step((high - low) / most), low, high);
  }

  /** As {@link #of}, at whole numbers only. */
  static Ticks whole(double low, double high, int most) {
    return every(Math.max(1, step((high - low) / most)), low, high);
  }

  /** As {@link #of}, but more than {@code most} where that would be fewer than {@code least}. */
  static Ticks atLeast(int least, double low, double high, int most) {
    Ticks ticks = of(low, high, most);
    for (int more = most + 1; ticks.values.size() < least; more++) {
      ticks = of(low, high, more);
    }
    return ticks;
  }

  private static Ticks every(double step, double low, double high) {
    List<Double> values = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    double slack = 1e-9 * step;
    for (long i = (long) Math.ceil((low - slack) / step); i * step <= high + slack; i++) {
      values.add(i * step);
      labels.add(label(i * step, step));
    }
    return new Ticks(List.copyOf(values), List.copyOf(labels));
  }

  private static double step(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * power >= least * (1 - 1e-9)) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  private static String label(double value, double step) {
    if (value == 0) {
      return "0";
    }
    if (Math.abs(value) >= LARGE || step < CLOSE) {
      return Numbers.minus(String.format(Locale.ROOT, "%.3g", value));
    }
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    return Numbers.minus(String.format(Locale.ROOT, "%,." + decimals + "f", value));
  }
}
