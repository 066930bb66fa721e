package io.lockstep.data;

/**
 * Data that cannot be used. The message is one sentence, complete for the user: what, where,
 * expected, found.
 */
public final class DataException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** An error with a message for the user. */
  public DataException(String message) {
    super(message);
  }

  /** An error with a message for the user, and what led to it. */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
