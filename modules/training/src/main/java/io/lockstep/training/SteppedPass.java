package io.lockstep.training;

/** A pass through the network that never waits: it is carried on part by part. */
public interface SteppedPass {

  /** Whether the next part can be done: the weights that it needs are there. */
  boolean isReady();

  /**
   * Does the next part, which {@link #isReady}.
   *
   * @return whether that was the last
   */
  boolean go();
}
