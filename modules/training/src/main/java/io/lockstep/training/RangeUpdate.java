package io.lockstep.training;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Updates;
import io.lockstep.nn.ParameterLayout;
import io.lockstep.nn.ParameterLayout.Role;
import io.lockstep.optim.Optimizer;

/** How a range of θ is updated goes by its role. */
final class RangeUpdate {

  private RangeUpdate() {}

  /**
   * Applies the update of {@code step} to a piece of a named range: the optimizer's, with decay and
   * L1 on weights only; of a statistic the mean gradient is subtracted.
   *
   * @param range where, and the scale of the gradient; decay and lasso are set here
   * @return whether all new values are finite
   */
  static boolean apply(
      Optimizer optimizer,
      Kernels kernels,
      Updates.Range range,
      ParameterLayout.Range named,
      long step,
      double rate) {
    boolean decays = named.role() == Role.WEIGHT;
    range.decay = decays ? (float) optimizer.weightDecay() : 0f;
    range.lasso = decays ? (float) optimizer.lasso() : 0f;
    return named.role() == Role.STATISTIC
        ? kernels.updates().sgd(range, 1f)
        : optimizer.apply(kernels, range, step, rate);
  }
}
