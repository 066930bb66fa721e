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
   * Called when the gradient from packed position {@code from} to the end is final; {@code from}
   * decreases from call to call, to 0 at last. θ from there on is not read any more by this call.
   */
  default void gradientReady(int from) {}
}
