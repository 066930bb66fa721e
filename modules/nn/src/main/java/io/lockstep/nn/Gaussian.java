package io.lockstep.nn;

import io.lockstep.kernels.Kernels;

/**
 * Independent normal distributions with mean η and variance 1: the loss is the negative
 * log-likelihood Σ ½ (η − y)² + ½ log 2π over the outputs of a row; dη = η − y.
 */
public record Gaussian() implements OutputFamily {

  private static final double HALF_LOG_TWO_PI = 0.91893853320467274178;

  @Override
  public String name() {
    return "gaussian";
  }

  @Override
  public boolean classification() {
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
    kernels
        .losses()
        .squaredError(rows, outputs, 0.5f, eta, etaAt, targets.values(), 0, dEta, dEtaAt, loss, 0);
    float constant = (float) (outputs * HALF_LOG_TWO_PI);
    for (int row = 0; row < rows; row++) {
      loss[row] += constant;
    }
  }

  @Override
  public void mean(Kernels kernels, int rows, int outputs, float[] eta, int etaAt) {}
}
