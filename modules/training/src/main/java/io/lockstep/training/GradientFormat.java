package io.lockstep.training;

import java.util.Locale;

/**
 * The numbers that gradients are summed in. Rounding belongs to every node of the reduction tree,
 * sent or not: so the bits do not depend on which nodes travel.
 */
public enum GradientFormat {
  /** 32-bit floats: nothing is rounded but by the additions themselves. */
  FLOAT32,

  /**
   * The upper 16 bits of a float (8 bits of exponent, 8 of precision): half the bytes on the way.
   * Every leaf and every sum is rounded to the nearest, ties to even.
   */
  BFLOAT16;

  /** Rounds {@code values[at, at + length)} in place to what this format can hold. */
  public void round(float[] values, int at, int length) {
    if (this == FLOAT32) {
      return;
    }
    for (int i = at; i < at + length; i++) {
      values[i] = Float.intBitsToFloat(toBfloat16(values[i]) << 16);
    }
  }

  /** The 16 bits of {@code value}, rounded to the nearest, ties to even; NaN stays NaN. */
  public static int toBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    int rounded = (bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16;
    return Float.isNaN(value) ? (bits >>> 16) | 0x40 : rounded;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
