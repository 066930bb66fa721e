package io.lockstep.optim;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Updates;

/**
 * Stochastic gradient descent: θ ← θ − rate · g (Robbins and Monro 1951).
 *
 * @param weightDecay λ of L2 weight decay, at least 0
 */
public record Sgd(double weightDecay) implements Optimizer {

  /** Checks the parameters. */
  public Sgd {
    Checks.requireNotNegative("sgd weightDecay", weightDecay);
  }

  /** Without weight decay. */
  public Sgd() {
    this(0);
  }

  @Override
  public int stateArrays() {
    return 0;
  }

  @Override
  public boolean apply(
      Kernels kernels, Updates.Range range, long update, double rate, double[] totals) {
    return kernels.updates().sgd(range, (float) rate);
  }

  @Override
  public String describe() {
    return "sgd(weightDecay=" + weightDecay + ")";
  }
}
