package io.lockstep.kernels;

import java.util.Random;

/** Packed matrices for tests, placed at an offset and surrounded by a guard value. */
final class Matrices {
  /** What surrounds a matrix, so that a test sees reading or writing beside it. */
  static final float GUARD = Float.intBitsToFloat(0x7FC0BEEF);

  private static final float[] SPECIAL = {
    0f,
    -0f,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    -Float.MIN_NORMAL / 3,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    1f,
    -1f
  };

  private Matrices() {}

  /** Row-major values of normal distribution. */
  static float[] normal(int length, Random random) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /**
   * Values of which one in {@code every} is special: zeros of both signs, infinities, NaN,
   * denormals, the largest.
   */
  static float[] special(int length, int every, Random random) {
    float[] values = normal(length, random);
    for (int i = 0; i < length; i++) {
      if (random.nextInt(every) == 0) {
        values[i] = SPECIAL[random.nextInt(SPECIAL.length)];
      }
    }
    return values;
  }

  /** An array of {@code at} + {@code length} + 3 guard values. */
  static float[] guarded(int at, int length) {
    float[] array = new float[at + length + 3];
    java.util.Arrays.fill(array, GUARD);
    return array;
  }

  /** Packs a row-major matrix at {@code at}, guard values around it. */
  static float[] packed(int rows, int columns, float[] rowMajor, int at) {
    float[] array = guarded(at, Panels.size(rows, columns));
    Panels.pack(rows, columns, rowMajor, 0, array, at);
    return array;
  }
}
