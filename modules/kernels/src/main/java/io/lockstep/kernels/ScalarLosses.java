package io.lockstep.kernels;

import static io.lockstep.kernels.Panels.WIDTH;

/**
 * The scalar twin of the losses.
 *
 * <p>A sum over columns is 16 chains, one for each lane of the panels, then the lanes pairwise:
 * lane i + 8 is added to lane i, then i + 4, i + 2, i + 1. Columns of padding take no part: they
 * add the sum's neutral element.
 */
final class ScalarLosses implements Losses {

  @Override
  public void softmaxCrossEntropy(
      int rows,
      int classes,
      float[] eta,
      int etaAt,
      int[] labels,
      int labelsAt,
      float[] dEta,
      int dEtaAt,
      float[] loss,
      int[] predicted,
      int lossAt) {
    float[] terms = dEta == null ? eta : dEta;
    int termsAt = dEta == null ? etaAt : dEtaAt;
    for (int row = 0; row < rows; row++) {
      int best = largest(rows, classes, eta, etaAt, row);
      float max = eta[etaAt + Panels.index(rows, row, best)];
      int label = labels[labelsAt + row];
      float labelEta = eta[etaAt + Panels.index(rows, row, label)];
      exponentials(rows, classes, eta, etaAt, row, max, terms, termsAt);
      float sum = sum(rows, classes, terms, termsAt, row, 0, 1);
      predicted[lossAt + row] = best;
      loss[lossAt + row] = ElementaryFunctions.log(sum) + (max - labelEta);
      if (dEta != null) {
        divide(rows, classes, dEta, dEtaAt, row, sum);
        dEta[dEtaAt + Panels.index(rows, row, label)] -= 1f;
      }
    }
  }

  @Override
  public void softmax(int rows, int classes, float[] eta, int etaAt, float[] p, int pAt) {
    for (int row = 0; row < rows; row++) {
      int best = largest(rows, classes, eta, etaAt, row);
      exponentials(
          rows, classes, eta, etaAt, row, eta[etaAt + Panels.index(rows, row, best)], p, pAt);
      divide(rows, classes, p, pAt, row, sum(rows, classes, p, pAt, row, 0, 1));
    }
  }

  /**
   * The first class with the largest η; NaN is never larger, but makes the sum of exponentials NaN.
   */
  private static int largest(int rows, int classes, float[] eta, int etaAt, int row) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (eta[etaAt + Panels.index(rows, row, c)] > eta[etaAt + Panels.index(rows, row, best)]) {
        best = c;
      }
    }
    return best;
  }

  /** p = exp(η − max), padding zero. */
  private static void exponentials(
      int rows, int classes, float[] eta, int etaAt, int row, float max, float[] p, int pAt) {
    for (int c = 0; c < Panels.paddedColumns(classes); c++) {
      int offset = Panels.index(rows, row, c);
      p[pAt + offset] = c < classes ? ElementaryFunctions.exp(eta[etaAt + offset] - max) : 0f;
    }
  }

  /**
   * The sum over the lanes {@code lane}, {@code lane + step}, {@code lane + 2·step}, …, as a
   * pairwise tree.
   */
  private static float sum(int rows, int classes, float[] p, int pAt, int row, int lane, int step) {
    if (step < WIDTH) {
      return sum(rows, classes, p, pAt, row, lane, 2 * step)
          + sum(rows, classes, p, pAt, row, lane + step, 2 * step);
    }
    float chain = 0f;
    for (int c = lane; c < classes; c += WIDTH) {
      chain += p[pAt + Panels.index(rows, row, c)];
    }
    return chain;
  }

  private static void divide(int rows, int classes, float[] p, int pAt, int row, float sum) {
    for (int c = 0; c < classes; c++) {
      p[pAt + Panels.index(rows, row, c)] /= sum;
    }
  }

  @Override
  public void squaredError(
      int rows,
      int columns,
      float scale,
      float[] eta,
      int etaAt,
      float[] y,
      int yAt,
      float[] dEta,
      int dEtaAt,
      float[] loss,
      int lossAt) {
    for (int row = 0; row < rows; row++) {
      loss[lossAt + row] = scale * squares(rows, columns, eta, etaAt, y, yAt, row, 0, 1);
      for (int c = 0; dEta != null && c < Panels.paddedColumns(columns); c++) {
        int offset = Panels.index(rows, row, c);
        dEta[dEtaAt + offset] =
            c < columns ? 2f * scale * (eta[etaAt + offset] - y[yAt + offset]) : 0f;
      }
    }
  }

  private static float squares(
      int rows,
      int columns,
      float[] eta,
      int etaAt,
      float[] y,
      int yAt,
      int row,
      int lane,
      int step) {
    if (step < WIDTH) {
      return squares(rows, columns, eta, etaAt, y, yAt, row, lane, 2 * step)
          + squares(rows, columns, eta, etaAt, y, yAt, row, lane + step, 2 * step);
    }
    float chain = 0f;
    for (int c = lane; c < columns; c += WIDTH) {
      int offset = Panels.index(rows, row, c);
      float error = eta[etaAt + offset] - y[yAt + offset];
      chain = Math.fma(error, error, chain);
    }
    return chain;
  }
}
