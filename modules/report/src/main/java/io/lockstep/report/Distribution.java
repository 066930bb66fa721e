package io.lockstep.report;

import java.util.List;

/**
 * What numbers are like. Quartiles lie between two of them where they must, as those of R's {@code
 * quantile}.
 *
 * @param count how many; those that are not finite are left out
 * @param mean of them; NaN of none, as all that follows
 * @param deviation standard deviation, by count − 1; NaN of fewer than two
 * @param least the smallest
 * @param lower quartile
 * @param median of them
 * @param upper quartile
 * @param most the largest
 */
public record Distribution(
    int count,
    double mean,
    double deviation,
    double least,
    double lower,
    double median,
    double upper,
    double most) {

  /** Of some numbers. */
  public static Distribution of(List<Double> numbers) {
    double[] sorted =
        numbers.stream()
            .mapToDouble(Double::doubleValue)
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    double sum = 0;
    for (double number : sorted) {
      sum += number;
    }
    double mean = sum / sorted.length;
    double squares = 0;
    for (double number : sorted) {
      squares += (number - mean) * (number - mean);
    }
    return new Distribution(
        sorted.length,
        mean,
        sorted.length < 2 ? Double.NaN : Math.sqrt(squares / (sorted.length - 1)),
        quantile(sorted, 0),
        quantile(sorted, 0.25),
        quantile(sorted, 0.5),
        quantile(sorted, 0.75),
        quantile(sorted, 1));
  }

  private static double quantile(double[] sorted, double share) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    double place = share * (sorted.length - 1);
    int below = (int) place;
    double rest = place - below;
    return rest == 0 ? sorted[below] : sorted[below] + rest * (sorted[below + 1] - sorted[below]);
  }
}
