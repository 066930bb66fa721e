package io.lockstep.nn;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Panels;
import java.util.function.DoubleSupplier;

/**
 * Independent normal distributions with mean η and variance 1: the loss is the negative
 * log-likelihood Σ ½ (η − y)² + ½ log 2π over the outputs of a row; dη = η − y. The deviance is Σ
 * (η − y)².
 */
public record Gaussian() implements OutputFamily {

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
    float constant = (float) (outputs * SpecialFunctions.HALF_LOG_TWO_PI);
    for (int row = 0; row < rows; row++) {
      loss[row] += constant;
    }
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
    for (int row = 0; row < rows; row++) {
      double sum = 0;
      for (int output = 0; output < outputs; output++) {
        int offset = Panels.index(rows, row, output);
        double error = (double) eta[etaAt + offset] - targets.values()[offset];
        sum += error * error;
      }
      deviance[row] = sum;
    }
  }

  @Override
  public void sample(double[] eta, double shape, DoubleSupplier uniforms, double[] y) {
    for (int output = 0; output < y.length; output++) {
      y[output] = eta[output] + Variates.normal(uniforms);
    }
  }
}
