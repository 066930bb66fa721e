package io.lockstep.training;

/**
 * A pass through the network that never waits: it is carried on part by part. What it takes to
 * compute a part is a matter of whoever calls {@link #go}: only weights that are missing make it
 * wait, and a replica that is called away meanwhile gives it up.
 */
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
