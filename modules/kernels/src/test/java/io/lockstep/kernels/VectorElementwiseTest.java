package io.lockstep.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the SIMD elementwise operations to the bits of their scalar twin, in every width that the
 * CPU has.
 */
class VectorElementwiseTest {
  private static final Elementwise SCALAR = KernelSets.scalar().elementwise();

  private static List<Kernels> sets() {
    return KernelSets.vector();
  }

  private static int[] lengths() {
    return IntStream.concat(IntStream.rangeClosed(0, 70), IntStream.rangeClosed(4093, 4099))
        .toArray();
  }

  @ParameterizedTest
  @EnumSource
  void functionHasTheBitsOfTheScalarTwin(Elementwise.Function f) {
    Random random = new Random(1);
    for (Kernels set : sets()) {
      for (int length : lengths()) {
        float[] x = values(length, random);
        float[] expected = Matrices.guarded(2, length);
        float[] actual = expected.clone();
        SCALAR.apply(f, x, 1, expected, 2, length);
        set.elementwise().apply(f, x, 1, actual, 2, length);
        assertSameBits(set, length, expected, actual);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void functionHasTheBitsOfTheScalarTwinOverAllMagnitudes(Elementwise.Function f) {
    float[] x = everyMagnitude(4099);
    float[] expected = new float[x.length];
    SCALAR.apply(f, x, 0, expected, 0, x.length);
    for (Kernels set : sets()) {
      float[] actual = new float[x.length];
      set.elementwise().apply(f, x, 0, actual, 0, x.length);
      assertSameBits(set, x.length, expected, actual);
    }
  }

  @ParameterizedTest
  @EnumSource
  void activationHasTheBitsOfTheScalarTwin(Activation h) {
    Random random = new Random(2);
    for (Kernels set : sets()) {
      for (int length : lengths()) {
        float[] z = values(length, random);
        float[] expected = Matrices.guarded(2, length);
        float[] actual = expected.clone();
        SCALAR.activate(h, z, 1, expected, 2, length);
        set.elementwise().activate(h, z, 1, actual, 2, length);
        assertSameBits(set, length, expected, actual);
        set.elementwise().activate(h, z, 1, z, 1, length);
        assertThat(Arrays.copyOfRange(z, 1, 1 + length))
            .isEqualTo(Arrays.copyOfRange(expected, 2, 2 + length));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void activationAndGradientHaveTheBitsOfTheScalarTwinOverAllMagnitudes(Activation h) {
    float[] z = everyMagnitude(4099);
    float[] dA = Matrices.normal(z.length, new Random(3));
    float[] a = new float[z.length];
    float[] dZ = new float[z.length];
    SCALAR.activate(h, z, 0, a, 0, z.length);
    SCALAR.activationGradient(h, z, 0, a, 0, dA, 0, dZ, 0, z.length);
    for (Kernels set : sets()) {
      float[] actual = new float[z.length];
      set.elementwise().activate(h, z, 0, actual, 0, z.length);
      assertSameBits(set, z.length, a, actual);
      set.elementwise().activationGradient(h, z, 0, a, 0, dA, 0, actual, 0, z.length);
      assertSameBits(set, z.length, dZ, actual);
    }
  }

  @ParameterizedTest
  @EnumSource
  void activationGradientHasTheBitsOfTheScalarTwin(Activation h) {
    Random random = new Random(4);
    for (Kernels set : sets()) {
      for (int length : lengths()) {
        float[] z = values(length, random);
        float[] a = Matrices.guarded(3, length);
        float[] dA = values(length, random);
        SCALAR.activate(h, z, 1, a, 3, length);
        float[] expected = Matrices.guarded(2, length);
        float[] actual = expected.clone();
        SCALAR.activationGradient(h, z, 1, a, 3, dA, 1, expected, 2, length);
        set.elementwise().activationGradient(h, z, 1, a, 3, dA, 1, actual, 2, length);
        assertSameBits(set, length, expected, actual);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void biasAndActivationHaveTheBitsOfTheScalarTwin(Activation h) {
    Random random = new Random(5);
    for (Kernels set : sets()) {
      for (int rows = 1; rows <= 20; rows++) {
        biasActivate(set, h, rows, 1 + random.nextInt(4), random);
      }
    }
  }

  private static void biasActivate(Kernels set, Activation h, int rows, int panels, Random random) {
    int length = panels * rows * Panels.WIDTH;
    float[] bias = values(panels * Panels.WIDTH, random);
    float[] z = values(length, random);
    float[] expectedZ = z.clone();
    float[] expected = Matrices.guarded(2, length);
    SCALAR.biasActivate(h, rows, panels, bias, 1, expectedZ, 1, expected, 2);
    float[] actualZ = z.clone();
    float[] actual = Matrices.guarded(2, length);
    set.elementwise().biasActivate(h, rows, panels, bias, 1, actualZ, 1, actual, 2);
    assertSameBits(set, length, expected, actual);
    assertSameBits(set, length, expectedZ, actualZ);
    set.elementwise().biasActivate(h, rows, panels, bias, 1, z, 1, z, 1);
    SCALAR.activate(h, expectedZ, 1, expectedZ, 1, length);
    assertSameBits(set, length, expectedZ, z);
  }

  @ParameterizedTest
  @MethodSource("sets")
  void sumHasTheBitsOfTheScalarTwin(Kernels set) {
    Random random = new Random(6);
    for (int length : lengths()) {
      float[] expected = values(length, random);
      float[] actual = expected.clone();
      float[] y = values(length, random);
      SCALAR.add(expected, 1, y, 1, length);
      set.elementwise().add(actual, 1, y, 1, length);
      assertSameBits(set, length, expected, actual);
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void roundingHasTheBitsOfTheScalarTwin(Kernels set) {
    float[] expected = everyMagnitude(4099);
    float[] actual = expected.clone();
    SCALAR.roundToBfloat16(expected, 1, expected.length - 1);
    set.elementwise().roundToBfloat16(actual, 1, actual.length - 1);

    assertSameBits(set, actual.length, expected, actual);
  }

  @ParameterizedTest
  @MethodSource("sets")
  void dropoutHasTheBitsOfTheScalarTwin(Kernels set) {
    Random random = new Random(7);
    for (int columns = 1; columns <= 50; columns++) {
      int rows = 1 + random.nextInt(9);
      int firstRow = random.nextInt();
      float rate = columns == 1 ? 0f : random.nextFloat();
      long key = random.nextLong();
      float[] expected = values(Panels.size(rows, columns), random);
      float[] actual = expected.clone();
      SCALAR.dropout(rows, columns, key, firstRow, rate, expected, 1);
      set.elementwise().dropout(rows, columns, key, firstRow, rate, actual, 1);
      assertSameBits(set, columns, expected, actual);
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void gatheredRowsHaveTheBitsOfTheScalarTwin(Kernels set) {
    Random random = new Random(8);
    for (int width = 1; width <= 70; width++) {
      byte[] bytes = new byte[11 * width];
      random.nextBytes(bytes);
      float[] floats = Matrices.special(11 * width, 9, random);
      int[] rows = random.ints(9, 0, 11).toArray();
      rows[4] = 10;
      float[] scale = Matrices.normal(width, random);
      float[] shift = Matrices.normal(width, random);
      float[] expected = Matrices.guarded(3, Panels.size(5, width));
      float[] actual = expected.clone();
      SCALAR.gatherBytes(bytes, width, rows, 2, 5, scale, shift, expected, 3);
      set.elementwise().gatherBytes(bytes, width, rows, 2, 5, scale, shift, actual, 3);
      assertSameBits(set, width, expected, actual);
      SCALAR.gatherFloats(floats, width, rows, 2, 5, scale, shift, expected, 3);
      set.elementwise().gatherFloats(floats, width, rows, 2, 5, scale, shift, actual, 3);
      assertSameBits(set, width, expected, actual);
    }
  }

  /** Guard values around values from 1 on: common ones, large ones, and one in seven special. */
  private static float[] values(int length, Random random) {
    float[] array = Matrices.guarded(1, length);
    float[] values = Matrices.special(length, 7, random);
    for (int i = 0; i < length; i++) {
      array[1 + i] = values[i] * (i % 3 == 0 ? 20f : 1f);
    }
    return array;
  }

  /** Floats of all signs, exponents and mantissas, infinities and NaN among them. */
  private static float[] everyMagnitude(int length) {
    float[] x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] = Float.intBitsToFloat((int) (i * (0x1p32 / length)));
    }
    return x;
  }

  /** Equal as bits, all NaN taken for one: their payload is not specified. */
  private static void assertSameBits(Kernels set, int length, float[] expected, float[] actual) {
    int at = Arrays.mismatch(expected, actual);
    if (at >= 0) {
      assertThat(actual[at])
          .as("%s, length or size %d, at %d", set.choice(), length, at)
          .isEqualTo(expected[at]);
    }
  }
}
