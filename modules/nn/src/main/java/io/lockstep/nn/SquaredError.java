package io.lockstep.nn;

import io.lockstep.kernels.Kernels;
import java.util.function.DoubleSupplier;

/**
 * Squared error J = Σ (η − y)² over the outputs of a row, without a factor ½; dη = 2 (η − y). The
 * mean is η itself. It belongs to no distribution: there is neither deviance nor sampling.
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
    kernels
        .losses()
        .squaredError(rows, outputs, 1f, eta, etaAt, targets.values(), 0, dEta, dEtaAt, loss, 0);
  }

  @Override
  public void mean(Kernels kernels, int rows, int outputs, float[] eta, int etaAt) {}

  @Override
  public void deviance(
      int rows,
      int outputs,
      float[] eta,
      int etaAt,
      Targets targets,
      float[] loss,
      double[] deviance) {
    throw new UnsupportedOperationException("squared-error has no deviance");
  }

  @Override
  public void sample(double[] eta, double shape, DoubleSupplier uniforms, double[] y) {
    throw new UnsupportedOperationException("squared-error has no distribution to draw from");
  }
}
