package io.lockstep.cluster;

/** A run could not begin or go on; the message says why. */
public class RunFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  RunFailedException(String message) {
    super(message);
  }
}
