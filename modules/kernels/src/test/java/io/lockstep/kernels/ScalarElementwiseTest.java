package io.lockstep.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds the scalar twin to plain double formulas. */
class ScalarElementwiseTest {
  private static final Elementwise SCALAR = new ScalarElementwise();

  @ParameterizedTest
  @EnumSource
  void activationAndDerivativeMeetTheirFormulas(Activation h) {
    for (int i = -100_000; i <= 100_000; i++) {
      float z = i * (i % 2 == 0 ? 1e-4f : 1e-6f);
      float a = activate(h, z);
      double exact = DoubleFunctions.activate(h, z);
      assertThat(Math.abs(a - exact))
          .as("%s(%s)", h, z)
          .isLessThan(4e-7 * Math.abs(exact) + 2e-8 + tail(h, z));
      double slope = DoubleFunctions.derivative(h, z);
      assertThat(Math.abs(gradient(h, z, a, 1f) - slope)).as("%s'(%s)", h, z).isLessThan(1e-6);
    }
  }

  /** The relative error of GELU grows in its lower tail, where its value is below 0.02. */
  private static double tail(Activation h, float z) {
    return h == Activation.GELU && z < -2f ? 4e-8 : 0;
  }

  /** Half of what a bfloat16 of this size tells apart goes to the one that is even. */
  @Test
  void roundsToTheNearestBfloat16() {
    float step = 0x1p-7f; // Between two of them from 1 to 2.
    float[] x = {9, 1 + step / 2, 1 + 3 * step / 2, 1 + 0.51f * step, -1 - 0.49f * step, 9};
    SCALAR.roundToBfloat16(x, 1, 4);

    assertThat(x).containsExactly(9, 1, 1 + 2 * step, 1 + step, -1, 9);
  }

  @Test
  void roundsWhatIsNotFiniteToItsLike() {
    float big = Float.intBitsToFloat(0x7F7FFFFF); // No bfloat16 is nearer than infinity.
    float[] x = {Float.NaN, Float.intBitsToFloat(0x7F800001), Float.NEGATIVE_INFINITY, big, -0f};
    SCALAR.roundToBfloat16(x, 0, x.length);

    assertThat(x[0]).isNaN();
    assertThat(x[1]).isNaN();
    assertThat(x[2]).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(x[3]).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Float.floatToRawIntBits(x[4])).isEqualTo(0x80000000);
  }

  @ParameterizedTest
  @EnumSource
  void activationIsPreciseNearZero(Activation h) {
    for (float z = 1e-30f; z < 1e-3f; z *= 1.7f) {
      for (float signed : new float[] {z, -z}) {
        double exact = DoubleFunctions.activate(h, signed);
        assertThat((double) activate(h, signed))
            .as("%s(%s)", h, signed)
            .isCloseTo(exact, within(4e-7 * Math.abs(exact)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void notANumberIsNotHidden(Activation h) {
    for (int payload = 1; payload < 1 << 23; payload += 4999) {
      assertThat(activate(h, Float.intBitsToFloat(0x7f800000 + payload))).isNaN();
      assertThat(activate(h, Float.intBitsToFloat(0xff800000 + payload))).isNaN();
    }
    assertThat(gradient(h, 1f, activate(h, 1f), Float.NaN)).isNaN();
  }

  @ParameterizedTest
  @EnumSource
  void limitsAreRight(Activation h) {
    float infinite = Float.POSITIVE_INFINITY;
    double atPlus = h == Activation.SIGMOID || h == Activation.TANH ? 1 : infinite;
    double atMinus =
        switch (h) {
          case IDENTITY, LEAKY_RELU -> -infinite;
          case TANH, ELU -> -1;
          default -> 0;
        };
    assertThat((double) activate(h, infinite)).isEqualTo(atPlus);
    assertThat(activate(h, -infinite) + 0.0).isEqualTo(atMinus);
    for (float z : new float[] {200f, -200f}) {
      double slope = DoubleFunctions.derivative(h, z);
      assertThat((double) gradient(h, z, activate(h, z), 1f)).isCloseTo(slope, within(1e-8));
    }
    for (float z : new float[] {infinite, -infinite, 1e30f, -1e30f}) {
      assertThat(gradient(h, z, activate(h, z), 0f)).as("0 · h'(%s)", z).isEqualTo(0f);
    }
  }

  private static float activate(Activation h, float z) {
    float[] a = new float[1];
    SCALAR.activate(h, new float[] {z}, 0, a, 0, 1);
    return a[0];
  }

  private static float gradient(Activation h, float z, float a, float dA) {
    float[] dZ = new float[1];
    SCALAR.activationGradient(
        h, new float[] {z}, 0, new float[] {a}, 0, new float[] {dA}, 0, dZ, 0, 1);
    return dZ[0];
  }

  @Test
  void biasIsAddedToEveryRow() {
    float[] z = {
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
      13, 14, 15, 16
    };
    float[] bias = {0, -1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12, -13, -14, -15};
    SCALAR.biasActivate(Activation.IDENTITY, 2, 1, bias, 0, z, 0, z, 0);
    assertThat(z).containsOnly(1f);
  }

  @Test
  void dropoutKeepsTheShareThatIsKeptAndScalesIt() {
    int rows = 300;
    int columns = 100;
    float[] x = new float[Panels.size(rows, columns)];
    java.util.Arrays.fill(x, 2f);
    SCALAR.dropout(rows, columns, 99L, 1000, 0.3f, x, 0);
    int kept = 0;
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        boolean keeps = CounterRandom.keeps(99L, 1000 + row, column, 0.3f);
        assertThat(x[Panels.index(rows, row, column)])
            .isEqualTo(keeps ? 2f * (1f / (1f - 0.3f)) : 0f);
        kept += keeps ? 1 : 0;
      }
    }
    assertThat(kept / (double) (rows * columns)).isCloseTo(0.7, within(0.01));
  }

  @Test
  void dropoutOfARowDependsOnItsPositionAlone() {
    float[] all = Matrices.normal(Panels.size(4, 40), new Random(1));
    float[] row = new float[Panels.size(1, 40)];
    for (int column = 0; column < 40; column++) {
      row[Panels.index(1, 0, column)] = all[Panels.index(4, 2, column)];
    }
    SCALAR.dropout(4, 40, 5L, 10, 0.5f, all, 0);
    SCALAR.dropout(1, 40, 5L, 12, 0.5f, row, 0);
    for (int column = 0; column < 40; column++) {
      assertThat(row[Panels.index(1, 0, column)]).isEqualTo(all[Panels.index(4, 2, column)]);
    }
  }

  @Test
  void gatheredRowsAreScaledAndPacked() {
    byte[] bytes = new byte[3 * 18];
    float[] floats = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 5);
      floats[i] = (i * 5) & 0xff;
    }
    float[] scale = new float[18];
    float[] shift = new float[18];
    for (int c = 0; c < 18; c++) {
      scale[c] = 1f / (c + 1);
      shift[c] = c - 9;
    }
    float[] x = Matrices.guarded(0, Panels.size(2, 18));
    float[] fromFloats = x.clone();
    SCALAR.gatherBytes(bytes, 18, new int[] {7, 2, 0}, 1, 2, scale, shift, x, 0);
    SCALAR.gatherFloats(floats, 18, new int[] {7, 2, 0}, 1, 2, scale, shift, fromFloats, 0);
    for (int c = 0; c < 32; c++) {
      float expected = c < 18 ? Math.fma(floats[2 * 18 + c], scale[c], shift[c]) : 0f;
      assertThat(x[Panels.index(2, 0, c)]).isEqualTo(expected);
    }
    assertThat(fromFloats).isEqualTo(x);
  }
}
