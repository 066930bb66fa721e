package io.lockstep.training;

/** The passes of one {@link SteppedReplica}, one at a time. */
public interface SteppedPasses {

  /**
   * Begins a pass over the leaves of a node, which gives sums and gradient to the exchange.
   *
   * @param leaves of the step
   * @param topLevel the level up to which this cluster node has all leaves
   */
  SteppedPass train(long step, Node node, int leaves, int topLevel);

  /** Begins to evaluate the units of a node on a version that is there; gives their sums. */
  SteppedPass evaluate(Evaluation evaluation, long version, Node node, int units);
}
