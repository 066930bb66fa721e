package io.lockstep.optim;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Updates;

/**
 * An optimizer whose gradients are clipped by norm (Pascanu, Mikolov and Bengio 2013): where the
 * Euclidean norm of the mean gradient over all of θ, before weight decay is added, is above the
 * limit, the gradient is multiplied by limit / (norm + 10⁻⁶), as PyTorch's {@code clip_grad_norm_}
 * does. Its one total is the sum of the squares of the step's sum of gradients.
 *
 * @param optimizer what is applied then, to the gradient that has been multiplied
 * @param limit above 0 (as a float)
 */
public record NormClipped(Optimizer optimizer, double limit) implements Optimizer {

  /** PyTorch's; of no account unless the norm is tiny. */
  private static final double ADDED = 1e-6;

  /** Checks the parameters. */
  public NormClipped {
    Checks.requirePositive("clipNorm", (float) limit);
    if (optimizer.totals() > 0) {
      throw new IllegalArgumentException(
          "clipNorm: expected an optimizer without totals of its own but found "
              + optimizer.describe());
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

  @Override
  public int totals() {
    return 1;
  }

  @Override
  public void measure(Kernels kernels, Updates.Range range, double[] parts, int at) {
    parts[at] +=
        kernels
            .updates()
            .dot(range.gradient, range.gradientAt, range.gradient, range.gradientAt, range.length);
  }

  /**
   * The range's scale is multiplied, not the gradient: so a standby that applies the same sum, with
   * the same totals, comes to the same bits.
   */
  @Override
  public boolean apply(
      Kernels kernels, Updates.Range range, long update, double rate, double[] totals) {
    float scale = range.scale;
    range.scale = (float) (scale * factor(scale * StrictMath.sqrt(totals[0])));
    boolean finite = optimizer.apply(kernels, range, update, rate, totals);
    range.scale = scale;
    return finite;
  }

  /** A gradient that is not finite is left as it is, so that the weights show where it is not. */
  private double factor(double norm) {
    double factor = limit / (norm + ADDED);
    return norm < Double.POSITIVE_INFINITY && factor < 1 ? factor : 1;
  }

  @Override
  public String describe() {
    return optimizer.describe() + ", clipNorm=" + limit;
  }
}
