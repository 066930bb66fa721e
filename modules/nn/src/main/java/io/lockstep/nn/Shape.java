package io.lockstep.nn;

/**
 * The second parameter of a family, one for all rows: for instance the size of a negative binomial
 * distribution. It is given, or learned: then its logarithm is a parameter of the network, the last
 * of θ, to which weight decay does not apply.
 *
 * @param name for instance {@code size}; empty for {@link #NONE}
 * @param value the value, or what learning begins with; above 0
 * @param learned whether it is learned
 */
public record Shape(String name, double value, boolean learned) {

  /** Of a family that has no such parameter. */
  public static final Shape NONE = new Shape("", 1, false);

  /**
   * @throws IllegalArgumentException if the value is not above 0, or not finite
   */
  public Shape {
    if (!(value > 0 && (float) value > 0 && Float.isFinite((float) value))) {
      throw new IllegalArgumentException(
          "%s: expected a finite number above 0 but found %s".formatted(name, value));
    }
  }

  /** A given value. */
  public static Shape fixed(String name, double value) {
    return new Shape(name, value, false);
  }

  /** A value that is learned. */
  public static Shape learned(String name, double first) {
    return new Shape(name, first, true);
  }

  /** For instance {@code (size 2.0)} or {@code (size learned)}; empty for {@link #NONE}. */
  String describe() {
    return name.isEmpty() ? "" : " (" + name + " " + (learned ? "learned" : value) + ")";
  }
}
