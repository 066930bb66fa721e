package io.lockstep.optim;

/** Checks of parameters, with one form of message. */
final class Checks {

  private Checks() {}

  static void require(boolean holds, String what, String expected, Object found) {
    if (!holds) {
      throw new IllegalArgumentException(what + ": expected " + expected + " but found " + found);
    }
  }

  static void requirePositive(String what, double value) {
    require(value > 0 && Double.isFinite(value), what, "a finite number above 0", value);
  }

  static void requireNotNegative(String what, double value) {
    require(value >= 0 && Double.isFinite(value), what, "a finite number of at least 0", value);
  }

  /** Decay factors: they must stay below 1 as floats, as which kernels use them. */
  static void requireFraction(String what, double value) {
    require(value >= 0 && (float) value < 1, what, "a number in [0, 1)", value);
  }
}
