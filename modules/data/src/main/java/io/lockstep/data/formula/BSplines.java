package io.lockstep.data.formula;

import java.util.Arrays;

/**
 * The B-splines of an order over a knot sequence, by the recursion of Cox and de Boor (de Boor, A
 * Practical Guide to Splines, 1978, chapter X). Between the outermost knots they add up to 1;
 * beyond, each goes on as the polynomial that it is in the outermost interval. Immutable and
 * thread-safe.
 */
final class BSplines {

  private final double[] knots; // sorted, each boundary `order` times
  private final int order;

  /**
   * @param order degree + 1
   * @param interior knots between the boundaries, sorted
   */
  BSplines(int order, double[] interior, double low, double high) {
    this.order = order;
    this.knots = new double[interior.length + 2 * order];
    Arrays.fill(knots, 0, order, low);
    System.arraycopy(interior, 0, knots, order, interior.length);
    Arrays.fill(knots, order + interior.length, knots.length, high);
  }

  /** Number of B-splines. */
  int count() {
    return knots.length - order;
  }

  /**
   * The values of all B-splines at x.
   *
   * @param values [count], overwritten
   */
  void values(double x, double[] values) {
    int interval = interval(x);
    Arrays.fill(values, 0, count(), 0);
    values[interval] = 1;
    for (int k = 2; k <= order; k++) {
      raise(x, interval, k, values);
    }
  }

  /** From order k − 1 to k: N(i, k) = w(i, k) N(i, k − 1) + (1 − w(i + 1, k)) N(i + 1, k − 1). */
  private void raise(double x, int interval, int k, double[] values) {
    for (int i = interval - k + 1; i <= interval; i++) {
      double left = i > interval - k + 1 ? weight(x, i, k) * values[i] : 0;
      double right = i < interval ? (1 - weight(x, i + 1, k)) * values[i + 1] : 0;
      values[i] = left + right;
    }
  }

  private double weight(double x, int i, int k) {
    return (x - knots[i]) / (knots[i + k - 1] - knots[i]);
  }

  /** The knot interval that x is in; the last one has its right end, too. */
  private int interval(double x) {
    int interval = order - 1;
    while (interval < count() - 1 && knots[interval + 1] <= x) {
      interval++;
    }
    while (interval > order - 1 && knots[interval] == knots[interval + 1]) {
      interval--;
    }
    return interval;
  }

  /** The derivative of B-spline i at x. */
  double derivative(int i, int derivative, double x) {
    return derivative(i, order, derivative, x, interval(x));
  }

  /** N′(i, k) = (k − 1) (N(i, k − 1) / Δ(i, k) − N(i + 1, k − 1) / Δ(i + 1, k)). */
  private double derivative(int i, int k, int derivative, double x, int interval) {
    if (k == 1) {
      return i == interval && derivative == 0 ? 1 : 0;
    }
    double leftWidth = knots[i + k - 1] - knots[i];
    double rightWidth = knots[i + k] - knots[i + 1];
    if (derivative == 0) {
      double left =
          leftWidth == 0 ? 0 : (x - knots[i]) / leftWidth * derivative(i, k - 1, 0, x, interval);
      double right =
          rightWidth == 0
              ? 0
              : (knots[i + k] - x) / rightWidth * derivative(i + 1, k - 1, 0, x, interval);
      return left + right;
    }
    double left =
        leftWidth == 0 ? 0 : derivative(i, k - 1, derivative - 1, x, interval) / leftWidth;
    double right =
        rightWidth == 0 ? 0 : derivative(i + 1, k - 1, derivative - 1, x, interval) / rightWidth;
    return (k - 1) * (left - right);
  }
}
