package io.lockstep.cli;

/**
 * A scaling experiment that could not be brought to its end. The message is one complete sentence.
 */
final class ScaleException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ScaleException(String message) {
    super(message);
  }
}
