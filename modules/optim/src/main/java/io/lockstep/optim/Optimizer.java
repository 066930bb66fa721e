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
    permits Sgd,
        Momentum,
        RmsProp,
        Adam,
        Nadam,
        Adagrad,
        Adadelta,
        Clipped,
        NormClipped,
        Lasso,
        Lbfgs {

  /** Number of state arrays, laid out like θ, that start from zero. */
  int stateArrays();

  /** What the caller sets as {@link Updates.Range#decay} where a range decays. */
  double weightDecay();

  /** What the caller sets as {@link Updates.Range#lasso} where a range decays. */
  default double lasso() {
    return 0;
  }

  /**
   * Number of totals that an update needs: sums over all of θ, such as the squared norm of the
   * gradient, which are complete before any of θ is updated. 0 where each element needs but itself.
   */
  default int totals() {
    return 0;
  }

  /** Whether totals are sums over the state, too, which the update changes. */
  default boolean totalsOfState() {
    return false;
  }

  /**
   * Computes what a piece of a block of θ adds to the totals. Called for all pieces of each block
   * before any is updated; what they add is summed in a tree over the blocks that does not depend
   * on how θ is cut.
   *
   * @param range the piece: θ, the gradient and the state before the update, as for {@link #apply};
   *     its scale, of which the rows' weights may still be missing, is of no account
   * @param parts is added to from {@code at} on, one for each total
   */
  default void measure(Kernels kernels, Updates.Range range, double[] parts, int at) {}

  /**
   * Applies an update to a range. The range's decay and scale are set by the caller; it comes back
   * as it was, but for its gradient, which clipping by value changes. Each element of a range is
   * updated by itself and with the totals, so it does not matter how θ is cut.
   *
   * @param range where: θ, its gradient, the state and where the new weights go
   * @param update number of the update, from 0: the step
   * @param rate learning rate of this step
   * @param totals over all of θ, as many as {@link #totals()}
   * @return whether all new weights are finite
   */
  boolean apply(Kernels kernels, Updates.Range range, long update, double rate, double[] totals);

  /** This optimizer with its parameters, for people. */
  String describe();
}
