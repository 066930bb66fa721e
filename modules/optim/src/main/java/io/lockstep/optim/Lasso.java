package io.lockstep.optim;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Updates;

/**
 * An optimizer with L1 regularization (Tibshirani 1996) by proximal steps (Daubechies, Defrise and
 * De Mol 2004): after the update of the optimizer each weight comes closer to 0 by rate · λ, and
 * stays there if it reaches it. So weights become exactly 0, which a subgradient λ · sign θ would
 * not do. As with decoupled weight decay, an optimizer that scales gradients does not scale λ.
 *
 * @param optimizer what is applied before
 * @param lasso λ, above 0 (as a float)
 */
public record Lasso(Optimizer optimizer, double lasso) implements Optimizer {

  /** Checks the parameters. */
  public Lasso {
    Checks.requirePositive("l1", (float) lasso);
  }

  @Override
  public int stateArrays() {
    return optimizer.stateArrays();
  }

  @Override
  public int totals() {
    return optimizer.totals();
  }

  @Override
  public void measure(Kernels kernels, Updates.Range range, double[] parts, int at) {
    optimizer.measure(kernels, range, parts, at);
  }

  @Override
  public double weightDecay() {
    return optimizer.weightDecay();
  }

  @Override
  public boolean apply(
      Kernels kernels, Updates.Range range, long update, double rate, double[] totals) {
    boolean finite = optimizer.apply(kernels, range, update, rate, totals);
    if (range.lasso > 0) {
      kernels.updates().shrink(range, (float) (rate * range.lasso));
    }
    return finite;
  }

  @Override
  public String describe() {
    return optimizer.describe() + ", l1=" + lasso;
  }
}
