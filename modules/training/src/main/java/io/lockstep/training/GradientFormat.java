package io.lockstep.training;

import io.lockstep.kernels.Elementwise;
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
  public void round(Elementwise kernels, float[] values, int at, int length) {
    if (this == BFLOAT16) {
      kernels.roundToBfloat16(values, at, length);
    }
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
