package io.lockstep.data.formula;

/** Quantiles as R computes them by default (type 7: Hyndman and Fan 1996). Stateless. */
final class Quantiles {

  private Quantiles() {}

  /**
   * The quantiles at i / (count + 1) for i in 1 to count.
   *
   * @param sorted ascending, of which [from, to), at least one number, are taken
   */
  static double[] interior(double[] sorted, int from, int to, int count) {
    double[] quantiles = new double[count];
    double by = 1.0 / (count + 1);
    for (int i = 0; i < count; i++) {
      quantiles[i] = quantile(sorted, from, to - from, (i + 1) * by);
    }
    return quantiles;
  }

  private static double quantile(double[] sorted, int from, int count, double share) {
    double index = (count - 1) * share;
    int low = from + (int) Math.floor(index + 1) - 1; // R counts from 1: it decides about rounding
    int high = from + (int) Math.ceil(index + 1) - 1;
    double h = index + 1 - Math.floor(index + 1);
    return sorted[low] == sorted[high] ? sorted[low] : (1 - h) * sorted[low] + h * sorted[high];
  }
}
