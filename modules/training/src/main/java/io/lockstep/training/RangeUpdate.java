package io.lockstep.training;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Updates;
import io.lockstep.nn.ParameterLayout;
import io.lockstep.nn.ParameterLayout.Role;
import io.lockstep.optim.Optimizer;
import java.util.Arrays;

/** How a range of θ is updated goes by its role. */
final class RangeUpdate {

  private RangeUpdate() {}

  /**
   * Applies the update of {@code step} to a piece of a named range: the optimizer's, with decay and
   * L1 on weights only; of a statistic the mean gradient is subtracted.
   *
   * @param range where, and the scale of the gradient; decay and lasso are set here
   * @param totals those of the step
   * @return whether all new values are finite
   */
  static boolean apply(
      Optimizer optimizer,
      Kernels kernels,
      Updates.Range range,
      ParameterLayout.Range named,
      long step,
      double rate,
      double[] totals) {
    setDecay(optimizer, range, named);
    return named.role() == Role.STATISTIC
        ? kernels.updates().sgd(range, 1f)
        : optimizer.apply(kernels, range, step, rate, totals);
  }

  private static void setDecay(
      Optimizer optimizer, Updates.Range range, ParameterLayout.Range named) {
    boolean decays = named.role() == Role.WEIGHT;
    range.decay = decays ? (float) optimizer.weightDecay() : 0f;
    range.lasso = decays ? (float) optimizer.lasso() : 0f;
  }

  /**
   * Computes what a block adds to the totals of a step; the statistics in it add nothing, for what
   * stands in their place of the gradient is none.
   *
   * @param range the block; decay and lasso are set here
   * @param begin where the block begins in packed θ
   * @param parts takes the sums at {@code at}
   */
  static void measure(
      Optimizer optimizer,
      Kernels kernels,
      Updates.Range range,
      ParameterLayout layout,
      int begin,
      double[] parts,
      int at) {
    Arrays.fill(parts, at, at + optimizer.totals(), 0);
    int thetaAt = range.thetaAt;
    int gradientAt = range.gradientAt;
    int stateAt = range.stateAt;
    int end = begin + range.length;
    for (int r = 0; r < layout.ranges().size(); r++) {
      ParameterLayout.Range named = layout.ranges().get(r);
      int from = Math.max(begin, named.packedAt());
      int to = Math.min(end, named.packedAt() + named.packedLength());
      if (from < to && named.role() != Role.STATISTIC) {
        range.thetaAt = thetaAt + from - begin;
        range.gradientAt = gradientAt + from - begin;
        range.stateAt = stateAt + from - begin;
        range.length = to - from;
        setDecay(optimizer, range, named);
        optimizer.measure(kernels, range, parts, at);
      }
    }
  }
}
