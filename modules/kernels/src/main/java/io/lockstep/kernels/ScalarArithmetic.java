package io.lockstep.kernels;

import static io.lockstep.kernels.Panels.WIDTH;

import java.util.Arrays;

/** The scalar twin of the arithmetic: what is done to one element, written plainly. */
final class ScalarArithmetic implements Arithmetic {

  @Override
  public void combine(
      Operator operator, float[] x, int xAt, float[] y, int yAt, float[] z, int zAt, int length) {
    for (int i = 0; i < length; i++) {
      float a = x[xAt + i];
      float b = y[yAt + i];
      z[zAt + i] =
          switch (operator) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
          };
    }
  }

  @Override
  public void affine(
      float factor, float shift, float[] x, int xAt, float[] y, int yAt, int length) {
    for (int i = 0; i < length; i++) {
      y[yAt + i] = Math.fma(x[xAt + i], factor, shift);
    }
  }

  @Override
  public void squareRoot(float[] x, int xAt, float[] y, int yAt, int length) {
    for (int i = 0; i < length; i++) {
      y[yAt + i] = (float) Math.sqrt(x[xAt + i]);
    }
  }

  @Override
  public void reciprocal(float[] x, int xAt, float[] y, int yAt, int length) {
    for (int i = 0; i < length; i++) {
      y[yAt + i] = 1f / x[xAt + i];
    }
  }

  @Override
  public void sumColumns(int rows, int columns, float[] x, int xAt, float[] y, int yAt) {
    for (int row = 0; row < rows; row++) {
      int to = yAt + row * WIDTH;
      y[to] = sum(rows, columns, x, xAt, row, 0, 1);
      Arrays.fill(y, to + 1, to + WIDTH, 0f);
    }
  }

  /** The sum over the lanes {@code lane}, {@code lane + step}, …, as a pairwise tree. */
  private static float sum(int rows, int columns, float[] x, int xAt, int row, int lane, int step) {
    if (step < WIDTH) {
      return sum(rows, columns, x, xAt, row, lane, 2 * step)
          + sum(rows, columns, x, xAt, row, lane + step, 2 * step);
    }
    float chain = 0f;
    for (int c = lane; c < columns; c += WIDTH) {
      chain += x[xAt + Panels.index(rows, row, c)];
    }
    return chain;
  }
}
