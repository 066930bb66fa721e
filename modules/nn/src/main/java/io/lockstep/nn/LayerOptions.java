package io.lockstep.nn;

/**
 * The keys of a {@link CustomLayer} in the configuration, beside its {@code type}. A key that is
 * not there, or has no such value, ends the constructor with an exception that says so and where. A
 * key that the constructor does not ask for is refused as unknown.
 */
public interface LayerOptions {

  /** Whether the configuration has the key. */
  boolean has(String key);

  /** A whole number of at least 1. */
  int count(String key);

  /** As {@link #count(String)}, or {@code usual} where the key is missing. */
  default int count(String key, int usual) {
    return has(key) ? count(key) : usual;
  }

  /** A finite number. */
  double real(String key);

  /** As {@link #real(String)}, or {@code usual} where the key is missing. */
  default double real(String key, double usual) {
    return has(key) ? real(key) : usual;
  }

  /** A text. */
  String text(String key);

  /** As {@link #text(String)}, or {@code usual} where the key is missing. */
  default String text(String key, String usual) {
    return has(key) ? text(key) : usual;
  }

  /** True or false. */
  boolean flag(String key);

  /** As {@link #flag(String)}, or {@code usual} where the key is missing. */
  default boolean flag(String key, boolean usual) {
    return has(key) ? flag(key) : usual;
  }

  /**
   * The exception for the value of a key that does not fit, to be thrown by the constructor.
   *
   * @param expected what would, for instance {@code a number below 1}
   */
  RuntimeException wrong(String key, String expected);
}
