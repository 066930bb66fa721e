package io.lockstep.kernels;

import io.lockstep.kernels.Arithmetic.Operator;
import java.util.Arrays;

/** Powers with a constant exponent, made of {@link Arithmetic}. */
public final class Powers {

  /** The largest exponent, up or down, whose power is made of multiplications. */
  public static final int MOST_FACTORS = 32;

  private Powers() {}

  /**
   * y = x to the power of {@code exponent} over {@code length} floats.
   *
   * <p>Multiples of ½ up to ±{@value #MOST_FACTORS} are products of x and √x, and for a negative
   * exponent the reciprocal of the product; others are {@link StrictMath#pow} of each element,
   * rounded to float.
   *
   * @param y not x
   */
  public static void power(
      Arithmetic arithmetic, float exponent, float[] x, int xAt, float[] y, int yAt, int length) {
    float magnitude = Math.abs(exponent);
    int whole = (int) magnitude;
    if (!isProduct(magnitude)) {
      for (int i = 0; i < length; i++) {
        y[yAt + i] = (float) StrictMath.pow(x[xAt + i], exponent);
      }
      return;
    }
    if (magnitude != whole) {
      arithmetic.squareRoot(x, xAt, y, yAt, length);
      for (int factor = 0; factor < whole; factor++) {
        arithmetic.combine(Operator.MULTIPLY, y, yAt, x, xAt, y, yAt, length);
      }
    } else if (whole == 0) {
      Arrays.fill(y, yAt, yAt + length, 1f);
    } else {
      bySquaring(arithmetic, whole, x, xAt, y, yAt, length);
    }
    if (exponent < 0) {
      arithmetic.reciprocal(y, yAt, y, yAt, length);
    }
  }

  private static boolean isProduct(float magnitude) {
    return magnitude <= MOST_FACTORS && 2 * magnitude == (int) (2 * magnitude);
  }

  /** From the highest bit of the exponent down. */
  private static void bySquaring(
      Arithmetic arithmetic, int exponent, float[] x, int xAt, float[] y, int yAt, int length) {
    System.arraycopy(x, xAt, y, yAt, length);
    for (int bit = Integer.highestOneBit(exponent) >> 1; bit > 0; bit >>= 1) {
      arithmetic.combine(Operator.MULTIPLY, y, yAt, y, yAt, y, yAt, length);
      if ((exponent & bit) != 0) {
        arithmetic.combine(Operator.MULTIPLY, y, yAt, x, xAt, y, yAt, length);
      }
    }
  }
}
