package io.lockstep.nn;

import io.lockstep.kernels.Kernels;

/**
 * Squared error J = Σ (η − y)² over the outputs of a row, without a factor ½; dη = 2 (η − y). The
 * mean is η itself.
 */
public record SquaredError() implements OutputFamily {

  @Override
  public String name() {
    return "squared-error";
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
        .squaredError(rows, outputs, 1f, eta, etaAt, targets.values(), 0, dEta, dEtaAt, loss, 0);
  }

  @Override
  public void mean(Kernels kernels, int rows, int outputs, float[] eta, int etaAt) {}
}
