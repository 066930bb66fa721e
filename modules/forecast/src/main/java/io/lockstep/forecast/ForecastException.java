package io.lockstep.forecast;

/** No forecast can be made of what is asked; the message says why, and what can be. */
public final class ForecastException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public ForecastException(String message) {
    super(message);
  }
}
