package io.lockstep.optim;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Updates;

/**
 * A rule that turns weights and the gradient of a step into new weights. Immutable and thread-safe.
 *
 * <p>g below is the sum of gradients times {@link Updates.Range#scale}, plus, with weight decay of
 * the L2 kind, {@link Updates.Range#decay} · θ. The caller sets that decay, and {@link
 * Updates.Range#lasso}: {@link #weightDecay()} and {@link #lasso()} for weights, 0 for biases.
 */
public sealed interface Optimizer
    permits Sgd, Momentum, RmsProp, Adam, Nadam, Adagrad, Adadelta, Clipped, Lasso {

  /** Number of state arrays, laid out like θ, that start from zero: 0, 1 or 2. */
  int stateArrays();

  /** What the caller sets as {@link Updates.Range#decay} where a range decays. */
  double weightDecay();

  /** What the caller sets as {@link Updates.Range#lasso} where a range decays. */
  default double lasso() {
    return 0;
  }

  /**
   * Applies an update to a range. The range's decay and scale are set by the caller; it comes back
   * as it was, but for its gradient, which clipping changes. Each element of a range is updated by
   * itself, so it does not matter how θ is cut.
   *
   * @param range where: θ, its gradient, the state and where the new weights go
   * @param update number of the update, from 0: the step
   * @param rate learning rate of this step
   * @return whether all new weights are finite
   */
  boolean apply(Kernels kernels, Updates.Range range, long update, double rate);

  /** This optimizer with its parameters, for people. */
  String describe();
}
