package io.lockstep.optim;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Updates;

/**
 * Gradient descent with momentum: v ← momentum · v + g; θ ← θ − rate · v (Polyak 1964), or
 * Nesterov's θ ← θ − rate · (g + momentum · v) (Sutskever, Martens, Dahl, Hinton 2013).
 *
 * @param momentum in [0, 1)
 * @param nesterov whether to look ahead
 * @param weightDecay λ of L2 weight decay, at least 0
 */
public record Momentum(double momentum, boolean nesterov, double weightDecay) implements Optimizer {

  /** Checks the parameters. */
  public Momentum {
    Checks.requireFraction("momentum", momentum);
    Checks.requireNotNegative("momentum weightDecay", weightDecay);
  }

  /** Momentum 0.9. */
  public Momentum() {
    this(0.9, false, 0);
  }

  @Override
  public int stateArrays() {
    return 1;
  }

  @Override
  public boolean apply(
      Kernels kernels, Updates.Range range, long update, double rate, double[] totals) {
    return kernels.updates().momentum(range, (float) rate, (float) momentum, nesterov);
  }

  @Override
  public String describe() {
    return "momentum(momentum="
        + momentum
        + ", nesterov="
        + nesterov
        + ", weightDecay="
        + weightDecay
        + ")";
  }
}
