package io.lockstep.benchmarks;

import java.util.List;
import java.util.Locale;

/**
 * Median and quartiles of measurements that noise makes too slow now and then.
 *
 * <p>A quantile p lies at position p·(n − 1) of the sorted values, between two of them on the line
 * that joins them (Hyndman and Fan 1996, type 7).
 *
 * @param lower first quartile
 * @param median the middle
 * @param upper third quartile
 * @param count of the measurements
 */
public record Spread(double lower, double median, double upper, int count) {

  /**
   * Of {@code values}, at least one.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Spread of(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("spread: expected at least one measurement, found none");
    }
    double[] sorted = values.stream().mapToDouble(d -> d).sorted().toArray();
    return new Spread(
        quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75), sorted.length);
  }

  /** The median of {@code values}. */
  public static double median(List<Double> values) {
    return of(values).median;
  }

  /** In another unit. */
  public Spread times(double factor) {
    return new Spread(factor * lower, factor * median, factor * upper, count);
  }

  private static double quantile(double[] sorted, double p) {
    double position = p * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }

  /** Median and quartiles, each by {@code format}: {@code 1.52 (1.49 to 1.60)}. */
  public String text(String format) {
    return count == 1
        ? String.format(Locale.ROOT, format, median)
        : String.format(
            Locale.ROOT, format + " (" + format + " to " + format + ")", median, lower, upper);
  }
}
