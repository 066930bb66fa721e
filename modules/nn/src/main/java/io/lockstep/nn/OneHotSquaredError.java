package io.lockstep.nn;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Panels;
import java.util.Arrays;
import java.util.function.DoubleSupplier;

/**
 * One of several classes, learned by squared error, as in early neural networks: each output is a
 * logistic unit a = σ(η), and the loss is Σ (a[c] − onehot(label)[c])² over the classes, without a
 * factor ½; dη = 2 (a − onehot(label)) a (1 − a). The mean is a, which need not add up to 1; the
 * largest is predicted. It is no likelihood: there is neither deviance nor sampling.
 *
 * <p>Computed in double by {@link StrictMath}.
 */
public record OneHotSquaredError() implements OutputFamily {

  @Override
  public String name() {
    return "one-hot-squared-error";
  }

  @Override
  public boolean classification() {
    return true;
  }

  @Override
  public boolean isLikelihood() {
    return false;
  }

  @Override
  public void loss(
      Kernels kernels,
      int rows,
      int outputs,
      float[] eta,
      int etaAt,
      Targets targets,
      float[] dEta,
      int dEtaAt,
      float[] loss) {
    int padded = Panels.paddedColumns(outputs);
    for (int row = 0; row < rows; row++) {
      targets.predicted()[row] = largest(rows, row, outputs, eta, etaAt);
      int label = targets.labels()[row];
      double sum = 0;
      for (int c = 0; c < outputs; c++) {
        int offset = Panels.index(rows, row, c);
        double x = eta[etaAt + offset];
        // Of the complement where that is the small one: 1 − σ(x) would round to 0.
        double error = c == label ? -SpecialFunctions.sigmoid(-x) : SpecialFunctions.sigmoid(x);
        sum += error * error;
        if (dEta != null) {
          double slope = SpecialFunctions.sigmoid(x) * SpecialFunctions.sigmoid(-x);
          dEta[dEtaAt + offset] = (float) (2 * error * slope);
        }
      }
      loss[row] = (float) sum;
      if (dEta != null) {
        int end = dEtaAt + Panels.index(rows, row, padded - 1) + 1;
        Arrays.fill(dEta, end - (padded - outputs), end, 0f);
      }
    }
  }

  /** The first of the largest η, and so of the largest a. */
  private static int largest(int rows, int row, int outputs, float[] eta, int etaAt) {
    int best = 0;
    for (int c = 1; c < outputs; c++) {
      float most = eta[etaAt + Panels.index(rows, row, best)];
      best = eta[etaAt + Panels.index(rows, row, c)] > most ? c : best;
    }
    return best;
  }

  @Override
  public void mean(Kernels kernels, int rows, int outputs, float[] eta, int etaAt) {
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < outputs; c++) {
        int at = etaAt + Panels.index(rows, row, c);
        eta[at] = (float) SpecialFunctions.sigmoid(eta[at]);
      }
    }
  }

  @Override
  public void deviance(
      int rows,
      int outputs,
      float[] eta,
      int etaAt,
      Targets targets,
      float[] loss,
      double[] deviance) {
    throw new UnsupportedOperationException("one-hot-squared-error has no deviance");
  }

  @Override
  public void sample(double[] eta, double shape, DoubleSupplier uniforms, double[] y) {
    throw new UnsupportedOperationException(
        "one-hot-squared-error has no distribution to draw from");
  }
}
