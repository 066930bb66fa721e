package io.lockstep.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Measures the error of the elementary functions, in units of the last place, against double
 * precision.
 */
class ElementaryFunctionsTest {
  /**
   * Of all floats of both signs, one in so many is tried: a prime, so that all mantissas have their
   * turn.
   */
  private static final int STEP = 1009;

  private interface FloatFunction {
    float apply(float x);
  }

  @Test
  void expErrsByAtMostItsStatedError(TestReporter reporter) {
    check(reporter, "exp", ElementaryFunctions::exp, StrictMath::exp, 0.9);
    check(
        reporter,
        "exp",
        ElementaryFunctions::exp,
        StrictMath::exp,
        0.9,
        -90f,
        -80f,
        80f,
        90f,
        -1f,
        1f);
  }

  @Test
  void logErrsByAtMostItsStatedError(TestReporter reporter) {
    check(reporter, "log", ElementaryFunctions::log, StrictMath::log, 0.9);
    check(
        reporter,
        "log",
        ElementaryFunctions::log,
        StrictMath::log,
        0.9,
        0.6f,
        0.7f,
        0.9f,
        1.1f,
        1.3f,
        1.4f);
  }

  @Test
  void tanhErrsByAtMostItsStatedError(TestReporter reporter) {
    check(reporter, "tanh", ElementaryFunctions::tanh, StrictMath::tanh, 1.4);
    check(
        reporter,
        "tanh",
        ElementaryFunctions::tanh,
        StrictMath::tanh,
        1.4,
        -0.7f,
        -0.5f,
        0.5f,
        0.7f,
        8f,
        10f);
  }

  @Test
  void sigmoidErrsByAtMostItsStatedError(TestReporter reporter) {
    check(reporter, "sigmoid", ElementaryFunctions::sigmoid, DoubleFunctions::sigmoid, 1.9);
    check(
        reporter,
        "sigmoid",
        ElementaryFunctions::sigmoid,
        DoubleFunctions::sigmoid,
        1.9,
        -7f,
        -3f,
        -1f,
        1f,
        -90f,
        -80f);
  }

  @Test
  void erfErrsByAtMostItsStatedError(TestReporter reporter) {
    check(reporter, "erf", ElementaryFunctions::erf, DoubleFunctions::erf, 1.2);
    check(
        reporter,
        "erf",
        ElementaryFunctions::erf,
        DoubleFunctions::erf,
        1.2,
        0.85f,
        1.2f,
        -0.95f,
        -0.9f,
        3.5f,
        4.5f);
  }

  @Test
  void specialValuesAreExact() {
    float infinite = Float.POSITIVE_INFINITY;
    assertThat(ElementaryFunctions.exp(0f)).isEqualTo(1f);
    assertThat(ElementaryFunctions.exp(infinite)).isEqualTo(infinite);
    assertThat(ElementaryFunctions.exp(-infinite)).isEqualTo(0f);
    assertThat(ElementaryFunctions.exp(88.73f)).isEqualTo(infinite);
    assertThat(ElementaryFunctions.exp(-87.34f)).isEqualTo(0f);
    assertThat(ElementaryFunctions.log(1f)).isEqualTo(0f);
    assertThat(ElementaryFunctions.log(0f)).isEqualTo(-infinite);
    assertThat(ElementaryFunctions.log(-0f)).isEqualTo(-infinite);
    assertThat(ElementaryFunctions.log(infinite)).isEqualTo(infinite);
    assertThat(ElementaryFunctions.log(-1f)).isNaN();
    assertThat(ElementaryFunctions.log(-infinite)).isNaN();
    assertThat(ElementaryFunctions.tanh(infinite)).isEqualTo(1f);
    assertThat(ElementaryFunctions.tanh(-infinite)).isEqualTo(-1f);
    assertThat(ElementaryFunctions.tanh(-0f)).isEqualTo(-0f);
    assertThat(ElementaryFunctions.sigmoid(infinite)).isEqualTo(1f);
    assertThat(ElementaryFunctions.sigmoid(-infinite)).isEqualTo(0f);
    assertThat(ElementaryFunctions.sigmoid(0f)).isEqualTo(0.5f);
    assertThat(ElementaryFunctions.erf(infinite)).isEqualTo(1f);
    assertThat(ElementaryFunctions.erf(-infinite)).isEqualTo(-1f);
    assertThat(ElementaryFunctions.erf(-0f)).isEqualTo(-0f);
  }

  @Test
  void everyNaNGivesNaN() {
    for (int payload = 1; payload < 1 << 23; payload += 997) {
      for (int sign : new int[] {0, Integer.MIN_VALUE}) {
        float nan = Float.intBitsToFloat(0x7f800000 + payload + sign);
        assertThat(ElementaryFunctions.exp(nan)).isNaN();
        assertThat(ElementaryFunctions.log(nan)).isNaN();
        assertThat(ElementaryFunctions.tanh(nan)).isNaN();
        assertThat(ElementaryFunctions.sigmoid(nan)).isNaN();
        assertThat(ElementaryFunctions.erf(nan)).isNaN();
      }
    }
  }

  private static void check(
      TestReporter reporter,
      String name,
      FloatFunction f,
      DoubleUnaryOperator exact,
      double stated) {
    Worst worst = new Worst();
    for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE; bits += STEP) {
      worst.add(Float.intBitsToFloat((int) bits), f, exact);
    }
    report(reporter, name + " over all floats", worst, stated);
  }

  /** Scans the intervals between each two of {@code ends}. */
  private static void check(
      TestReporter reporter,
      String name,
      FloatFunction f,
      DoubleUnaryOperator exact,
      double stated,
      float... ends) {
    Worst worst = new Worst();
    for (int i = 0; i < ends.length; i += 2) {
      for (int k = 0; k <= 300_000; k++) {
        worst.add(ends[i] + (ends[i + 1] - ends[i]) * (k / 300_000f), f, exact);
      }
    }
    report(reporter, name + " near its thresholds", worst, stated);
  }

  private static void report(TestReporter reporter, String what, Worst worst, double stated) {
    reporter.publishEntry(what, "at most %.3f ulp, at %s".formatted(worst.error, worst.at));
    assertThat(worst.error).as("%s, at %s", what, worst.at).isLessThanOrEqualTo(stated);
  }

  private static final class Worst {
    private double error;
    private float at;

    /**
     * NaN is left out; where the exact value is below MIN_NORMAL, it or 0 is right; where it
     * overflows, infinity.
     */
    void add(float x, FloatFunction f, DoubleUnaryOperator exact) {
      double expected = exact.applyAsDouble(x);
      if (Double.isNaN(expected)) {
        return;
      }
      float actual = f.apply(x);
      double error = error(actual, expected);
      if (!(error <= this.error)) {
        this.error = error;
        this.at = x;
      }
    }

    private static double error(float actual, double expected) {
      boolean overflow = Math.abs(expected) >= Float.MAX_VALUE + 0.5 * Math.ulp(Float.MAX_VALUE);
      boolean flushed = actual == 0f && Math.abs(expected) < Float.MIN_NORMAL;
      if (flushed || (overflow && actual == (float) expected)) {
        return 0;
      }
      return Math.abs(actual - expected)
          / Math.scalb(1.0, Math.max(-126, Math.getExponent(expected)) - 23);
    }
  }
}
