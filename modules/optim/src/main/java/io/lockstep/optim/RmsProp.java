package io.lockstep.optim;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Updates;

/**
 * RMSprop (Tieleman and Hinton 2012): s ← rho · s + (1 − rho) · g²; u = g / (√s + epsilon); θ ← θ −
 * rate · u, or with momentum v ← momentum · v + u; θ ← θ − rate · v.
 *
 * @param rho decay of the mean square, in [0, 1)
 * @param epsilon above 0 (as a float)
 * @param momentum in [0, 1)
 * @param weightDecay λ of L2 weight decay, at least 0
 */
public record RmsProp(double rho, double epsilon, double momentum, double weightDecay)
    implements Optimizer {

  /** Checks the parameters. */
  public RmsProp {
    Checks.requireFraction("rmsprop rho", rho);
    Checks.requirePositive("rmsprop epsilon", (float) epsilon);
    Checks.requireFraction("rmsprop momentum", momentum);
    Checks.requireNotNegative("rmsprop weightDecay", weightDecay);
  }

  /** rho 0.9, epsilon 1e-7, without momentum. */
  public RmsProp() {
    this(0.9, 1e-7, 0, 0);
  }

  @Override
  public int stateArrays() {
    return momentum > 0 ? 2 : 1;
  }

  @Override
  public boolean apply(
      Kernels kernels, Updates.Range range, long update, double rate, double[] totals) {
    return kernels.updates().rmsprop(range, (float) rate, rho, (float) epsilon, (float) momentum);
  }

  @Override
  public String describe() {
    return "rmsprop(rho="
        + rho
        + ", epsilon="
        + epsilon
        + ", momentum="
        + momentum
        + ", weightDecay="
        + weightDecay
        + ")";
  }
}
