package io.lockstep.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * Whether what is predicted with a probability is the case as often: a reliability table, with rows
 * in bins of equal width by their predicted probability.
 *
 * @param of what the probability is of: the name of the second of two classes; null of more
 *     classes, where it is that of the class that is predicted, so that a row is right or wrong
 * @param expectedError the expected calibration error (Guo, Pleiss, Sun and Weinberger 2017): the
 *     mean over the rows of |observed − predicted| of their bin
 * @param bins from 0 to 1, empty ones included
 */
public record Calibration(
    @JsonInclude(JsonInclude.Include.NON_NULL) String of, double expectedError, List<Bin> bins) {

  /**
   * The rows of a bin.
   *
   * @param low probability, included
   * @param high probability, excluded but for 1
   * @param rows how many they are
   * @param predicted their mean probability; null without rows
   * @param observed the share of them that is of the class; null without rows
   */
  public record Bin(double low, double high, long rows, Double predicted, Double observed) {}

  /** Keeps a copy. */
  public Calibration {
    bins = List.copyOf(bins);
  }

  /**
   * Of rows.
   *
   * @param of see the record
   * @param probabilities one per row, in [0, 1]
   * @param right whether the row is of the class
   * @param count of bins, at least 1
   * @throws IllegalArgumentException without rows, or if the arrays' lengths differ
   */
  public static Calibration of(String of, float[] probabilities, boolean[] right, int count) {
    if (probabilities.length == 0 || probabilities.length != right.length) {
      throw new IllegalArgumentException(
          "expected as many probabilities as rows, at least one, but found %d and %d"
              .formatted(probabilities.length, right.length));
    }
    long[] rows = new long[count];
    long[] hits = new long[count];
    double[] sums = new double[count];
    for (int row = 0; row < right.length; row++) {
      double p = probabilities[row];
      int bin = Math.clamp((int) (p * count), 0, count - 1);
      rows[bin]++;
      hits[bin] += right[row] ? 1 : 0;
      sums[bin] += p;
    }
    Bin[] bins = new Bin[count];
    double error = 0;
    for (int bin = 0; bin < count; bin++) {
      double low = (double) bin / count;
      double high = (bin + 1.0) / count;
      bins[bin] =
          rows[bin] == 0
              ? new Bin(low, high, 0, null, null)
              : new Bin(
                  low, high, rows[bin], sums[bin] / rows[bin], (double) hits[bin] / rows[bin]);
      error += Math.abs(hits[bin] - sums[bin]);
    }
    return new Calibration(of, error / right.length, List.of(bins));
  }
}
