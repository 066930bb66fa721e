package io.lockstep.nn;

import io.lockstep.kernels.Kernels;

/**
 * One of several classes with probabilities softmax(η): the loss is the cross-entropy log Σ exp
 * η[c] − η[label]; dη = softmax(η) − onehot(label). The mean is softmax(η).
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
}
