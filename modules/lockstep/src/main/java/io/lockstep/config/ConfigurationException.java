package io.lockstep.config;

/**
 * A configuration that cannot be used. The message is complete for the user: it names the key, what
 * was expected, what was found, and where.
 */
public final class ConfigurationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** A problem in one sentence. */
  public ConfigurationException(String message) {
    super(message);
  }

  /** A problem in one sentence, with what brought it to light. */
  public ConfigurationException(String message, Throwable cause) {
    super(message, cause);
  }
}
