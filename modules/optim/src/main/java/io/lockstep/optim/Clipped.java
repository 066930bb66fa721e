package io.lockstep.optim;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Updates;

/**
 * An optimizer whose gradients are clipped by value: each element of the mean gradient, before
 * weight decay is added, is brought to within ±limit.
 *
 * @param optimizer what is applied then
 * @param limit above 0 (as a float)
 */
public record Clipped(Optimizer optimizer, double limit) implements Optimizer {

  /** Checks the parameters. */
  public Clipped {
    Checks.requirePositive("clipValue", (float) limit);
    if (optimizer.totals() > 0) {
      throw new IllegalArgumentException(
          "clipValue: expected to come after what needs totals but found " + optimizer.describe());
    }
  }

  @Override
  public int stateArrays() {
    return optimizer.stateArrays();
  }

  @Override
  public double weightDecay() {
    return optimizer.weightDecay();
  }

  @Override
  public double lasso() {
    return optimizer.lasso();
  }

  /**
   * The sum is clipped in its place, not the mean: so a standby that applies the same sum clips it
   * again, to the same bits.
   */
  @Override
  public boolean apply(
      Kernels kernels, Updates.Range range, long update, double rate, double[] totals) {
    kernels.updates().clip(range, (float) (limit / range.scale));
    return optimizer.apply(kernels, range, update, rate, totals);
  }

  @Override
  public String describe() {
    return optimizer.describe() + ", clipValue=" + limit;
  }
}
