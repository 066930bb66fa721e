package io.lockstep.data.formula;

/** Quantiles as R computes them by default (type 7: Hyndman and Fan 1996). Stateless. */
final class Quantiles {

  private Quantiles() {}

  /**
   * The quantiles at i / (count + 1) for i in 1 to count.
   *
   * @param sorted at least one number, ascending
   */
  static double[] interior(double[] sorted, int count) {
    double[] quantiles = new double[count];
    double by = 1.0 / (count + 1);
    for (int i = 0; i < count; i++) {
      quantiles[i] = quantile(sorted, (i + 1) * by);
    }
    return quantiles;
  }

  private static double quantile(double[] sorted, double share) {
    double index = (sorted.length - 1) * share;
    int low = (int) Math.floor(index + 1) - 1; // R counts from 1, which decides about rounding
    int high = (int) Math.ceil(index + 1) - 1;
    double h = index + 1 - Math.floor(index + 1);
    return sorted[low] == sorted[high] ? sorted[low] : (1 - h) * sorted[low] + h * sorted[high];
  }
}
