package io.lockstep.optim;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Updates;

/**
 * Adagrad (Duchi, Hazan and Singer 2011): s ← s + g²; θ ← θ − rate · g / (√s + epsilon).
 *
 * @param epsilon above 0 (as a float)
 * @param weightDecay λ of L2 weight decay, at least 0
 */
public record Adagrad(double epsilon, double weightDecay) implements Optimizer {

  /** Checks the parameters. */
  public Adagrad {
    Checks.requirePositive("adagrad epsilon", (float) epsilon);
    Checks.requireNotNegative("adagrad weightDecay", weightDecay);
  }

  /** epsilon 1e-10. */
  public Adagrad() {
    this(1e-10, 0);
  }

  @Override
  public int stateArrays() {
    return 1;
  }

  @Override
  public boolean apply(
      Kernels kernels, Updates.Range range, long update, double rate, double[] totals) {
    return kernels.updates().adagrad(range, (float) rate, (float) epsilon);
  }

  @Override
  public String describe() {
    return "adagrad(epsilon=" + epsilon + ", weightDecay=" + weightDecay + ")";
  }
}
