package io.lockstep.nn;

import io.lockstep.kernels.Kernels;
import java.util.function.DoubleSupplier;

/**
 * One of several classes with probabilities softmax(η): the loss is the cross-entropy log Σ exp
 * η[c] − η[label]; dη = softmax(η) − onehot(label). The mean is softmax(η), the deviance twice the
 * loss.
 */
public record Categorical() implements OutputFamily {

  @Override
  public String name() {
    return "categorical";
  }

  @Override
  public boolean classification() {
    return true;
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
        .softmaxCrossEntropy(
            rows,
            outputs,
            eta,
            etaAt,
            targets.labels(),
            0,
            dEta,
            dEtaAt,
            loss,
            targets.predicted(),
            0);
  }

  @Override
  public void mean(Kernels kernels, int rows, int outputs, float[] eta, int etaAt) {
    kernels.losses().softmax(rows, outputs, eta, etaAt, eta, etaAt);
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
    for (int row = 0; row < rows; row++) {
      deviance[row] = 2.0 * loss[row];
    }
  }

  @Override
  public void sample(double[] eta, double shape, DoubleSupplier uniforms, double[] y) {
    double max = eta[0];
    for (double e : eta) {
      max = StrictMath.max(max, e);
    }
    double sum = 0;
    for (double e : eta) {
      sum += StrictMath.exp(e - max);
    }
    double left = uniforms.getAsDouble() * sum;
    int label = 0;
    for (int c = 0; c < eta.length; c++) {
      double weight = StrictMath.exp(eta[c] - max);
      if (weight > 0 && left >= 0) {
        label = c;
        left -= weight;
      }
    }
    y[0] = label;
  }
}
