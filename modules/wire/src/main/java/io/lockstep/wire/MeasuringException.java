package io.lockstep.wire;

/**
 * A cost cannot be measured here, or not now; the message says what was expected, and what else can
 * be done. Nobody's mistake: others may have used all cores.
 */
public final class MeasuringException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public MeasuringException(String message) {
    super(message);
  }

  public MeasuringException(String message, Throwable cause) {
    super(message, cause);
  }
}
