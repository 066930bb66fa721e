package io.lockstep.model;

/**
 * A run's folder or file that cannot be written, read, or used. The message is complete for the
 * user and begins with the path.
 */
public final class ModelException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** A problem in one sentence. */
  public ModelException(String message) {
    super(message);
  }

  /** A problem in one sentence, with what brought it to light. */
  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
