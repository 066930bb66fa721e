package io.lockstep.cluster;

/**
 * A run that had begun lost a part that it cannot go on without, such as a parameter server; the
 * message says which. Another run can go on from its last checkpoint.
 */
public final class RunBrokenException extends RunFailedException {

  private static final long serialVersionUID = 1L;

  RunBrokenException(String message) {
    super(message);
  }
}
