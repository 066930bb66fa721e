package io.lockstep.cluster.launch;

/** A process that did not start, or ended before its time. The message says which, and why. */
public final class LaunchException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With a message for people. */
  public LaunchException(String message) {
    super(message);
  }

  /** With what it comes from. */
  public LaunchException(String message, Throwable cause) {
    super(message, cause);
  }
}
