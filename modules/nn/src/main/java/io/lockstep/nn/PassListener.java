package io.lockstep.nn;

/**
 * What happens inside {@link Pass#train}, so that weights can arrive and gradients leave while the
 * pass computes. Called by the thread that computes.
 */
public interface PassListener {

  /** A listener that does nothing. */
  PassListener NONE = new PassListener() {};

  /**
   * Called before θ[from, to), packed, is first read; returns when those weights are there. Within
   * a layer the calls go up through W in chunks, each followed by its part of b.
   */
  default void awaitWeights(int from, int to) {}

  /** Called when the loss sums of the node are final, before the backward pass starts. */
  default void sumsReady(Sums node) {}

  /**
   * Called when the gradient of θ[from, to), packed, is final, once for each position: from the
   * last layer to the first, and within W upwards. So the weights that the next forward pass reads
   * first are not the ones whose gradients come last. Those of θ are not read any more by this
   * pass.
   */
  default void gradientReady(int from, int to) {}

  /**
   * Called when the forward pass is through an operation.
   *
   * @param operation as many as there are layers: index into {@link Network#layers()}
   */
  default void forwardDone(int operation) {}

  /** Called when the losses are there, with their sums, before {@link #sumsReady}. */
  default void lossDone() {}

  /** Called when the backward pass is through an operation; as {@link #forwardDone}. */
  default void backwardDone(int operation) {}
}
