package io.lockstep.cluster.keys;

/** A key that cannot be used. The message is one complete sentence, with the remedy. */
public final class KeyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  KeyException(String message) {
    super(message);
  }

  KeyException(String message, Throwable cause) {
    super(message, cause);
  }
}
