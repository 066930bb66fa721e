package io.lockstep.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds arithmetic to plain Java, and in every width that the CPU has to its scalar twin's bits.
 */
class VectorArithmeticTest {
  private static final Arithmetic SCALAR = KernelSets.scalar().arithmetic();

  /** An operation on two arrays, into a third. */
  @FunctionalInterface
  private interface Operation {
    void run(Arithmetic arithmetic, float[] x, float[] y, float[] z, int zAt, int length);
  }

  private static List<Kernels> sets() {
    return KernelSets.vector();
  }

  private static void hasTheBitsOfTheScalarTwin(Operation operation) {
    Random random = new Random(1);
    for (Kernels set : sets()) {
      for (int length = 0; length <= 70; length++) {
        float[] x = Matrices.special(length, 5, random);
        float[] y = Matrices.special(length, 5, random);
        float[] expected = Matrices.guarded(2, length);
        float[] actual = expected.clone();
        operation.run(SCALAR, x, y, expected, 2, length);
        operation.run(set.arithmetic(), x, y, actual, 2, length);
        assertThat(actual).as("%s, length %d", set.choice(), length).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void combinationHasTheBitsOfTheScalarTwin(Arithmetic.Operator operator) {
    hasTheBitsOfTheScalarTwin(
        (arithmetic, x, y, z, at, length) ->
            arithmetic.combine(operator, x, 0, y, 0, z, at, length));
  }

  @Test
  void mapsHaveTheBitsOfTheScalarTwin() {
    hasTheBitsOfTheScalarTwin(
        (arithmetic, x, y, z, at, length) -> arithmetic.affine(0.3f, -7f, x, 0, z, at, length));
    hasTheBitsOfTheScalarTwin(
        (arithmetic, x, y, z, at, length) -> arithmetic.squareRoot(x, 0, z, at, length));
    hasTheBitsOfTheScalarTwin(
        (arithmetic, x, y, z, at, length) -> arithmetic.reciprocal(x, 0, z, at, length));
  }

  @ParameterizedTest
  @ValueSource(floats = {-32, -3, -2.5f, -1, -0.5f, 0, 0.5f, 1, 1.5f, 2, 3, 7, 12, 0.3f, -1.7f, 40})
  void powersHaveTheBitsOfTheScalarTwinAndAreThoseOfJava(float exponent) {
    hasTheBitsOfTheScalarTwin(
        (arithmetic, x, y, z, at, length) ->
            Powers.power(arithmetic, exponent, x, 0, z, at, length));
    float[] x = {0.25f, 0.9f, 1f, 1.1f, 1.7f};
    float[] y = new float[x.length];
    Powers.power(SCALAR, exponent, x, 0, y, 0, x.length);
    for (int i = 0; i < x.length; i++) {
      double expected = Math.pow(x[i], exponent);
      assertThat((double) y[i]).isCloseTo(expected, within(8e-7 * Math.max(1, expected)));
    }
  }

  @Test
  void combinationsAreThoseOfJava() {
    float[] x = {3, -1, 0, Float.POSITIVE_INFINITY};
    float[] y = {2, 4, 0, 1};
    float[] z = new float[4];
    SCALAR.combine(Arithmetic.Operator.SUBTRACT, x, 0, y, 0, z, 0, 4);
    assertThat(z).containsExactly(1, -5, 0, Float.POSITIVE_INFINITY);
    SCALAR.combine(Arithmetic.Operator.DIVIDE, x, 0, y, 0, z, 0, 4);
    assertThat(z).containsExactly(1.5f, -0.25f, Float.NaN, Float.POSITIVE_INFINITY);
  }

  @ParameterizedTest
  @MethodSource("sets")
  void sumsOverColumnsHaveTheBitsOfTheScalarTwin(Kernels set) {
    Random random = new Random(3);
    for (int columns = 1; columns <= 70; columns++) {
      int rows = 1 + random.nextInt(9);
      float[] values = Matrices.special(rows * columns, 40, random);
      float[] x = Matrices.packed(rows, columns, values, 3);
      float[] expected = Matrices.guarded(1, Panels.size(rows, 1));
      float[] actual = expected.clone();
      SCALAR.sumColumns(rows, columns, x, 3, expected, 1);
      set.arithmetic().sumColumns(rows, columns, x, 3, actual, 1);
      assertThat(actual).as("%s, %d columns", set.choice(), columns).isEqualTo(expected);
    }
  }

  @Test
  void sumsOverColumnsAreSums() {
    float[] values = {1, 2, 3, 4, 5, 6};
    float[] y = new float[Panels.size(2, 1)];
    Arrays.fill(y, 9);
    SCALAR.sumColumns(2, 3, Matrices.packed(2, 3, values, 0), 0, y, 0);
    assertThat(y[0]).isEqualTo(6);
    assertThat(y[Panels.WIDTH]).isEqualTo(15);
    assertThat(y[1]).isZero();
  }
}
