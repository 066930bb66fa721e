package io.lockstep.cluster.keys;

/** A key that cannot be used. The message is one complete sentence, with the remedy. */
public final class KeyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** A key that cannot be used, and why. */
  public KeyException(String message) {
    super(message);
  }

  KeyException(String message, Throwable cause) {
    super(message, cause);
  }
}
