package io.lockstep.optim;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Updates;

/**
 * Adadelta (Zeiler 2012): s ← rho · s + (1 − rho) · g²; u = √(d + epsilon) / √(s + epsilon) · g; d
 * ← rho · d + (1 − rho) · u²; θ ← θ − rate · u. The rate is usually 1.
 *
 * @param rho decay of both mean squares, in [0, 1)
 * @param epsilon above 0 (as a float)
 * @param weightDecay λ of L2 weight decay, at least 0
 */
public record Adadelta(double rho, double epsilon, double weightDecay) implements Optimizer {

  /** Checks the parameters. */
  public Adadelta {
    Checks.requireFraction("adadelta rho", rho);
    Checks.requirePositive("adadelta epsilon", (float) epsilon);
    Checks.requireNotNegative("adadelta weightDecay", weightDecay);
  }

  /** rho 0.95, epsilon 1e-7. */
  public Adadelta() {
    this(0.95, 1e-7, 0);
  }

  @Override
  public int stateArrays() {
    return 2;
  }

  @Override
  public boolean apply(
      Kernels kernels, Updates.Range range, long update, double rate, double[] totals) {
    return kernels.updates().adadelta(range, (float) rate, rho, (float) epsilon);
  }

  @Override
  public String describe() {
    return "adadelta(rho=" + rho + ", epsilon=" + epsilon + ", weightDecay=" + weightDecay + ")";
  }
}
