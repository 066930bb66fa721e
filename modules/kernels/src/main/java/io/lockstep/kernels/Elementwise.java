package io.lockstep.kernels;

/**
 * Elementwise operations: bias, activations and their derivatives, dropout, gathers of input rows,
 * sums of gradients.
 *
 * <p>"Over {@code length} floats" means contiguous floats, padding included. Arrays may be the same
 * at the same position unless said otherwise. Nothing is allocated.
 */
public interface Elementwise {

  /**
   * A function applied to each element; the error of each is stated in {@link ElementaryFunctions}.
   */
  enum Function {
    EXP,
    LOG,
    TANH,
    SIGMOID,
    ERF
  }

  /** y = f(x) over {@code length} floats. */
  void apply(Function f, float[] x, int xAt, float[] y, int yAt, int length);

  /**
   * z += bias for each row, then a = h(z), for {@code panels} panels of {@code rows} rows.
   *
   * @param bias [panels · 16]
   * @param z packed [rows][panels · 16], overwritten with z + bias
   * @param a packed [rows][panels · 16]; may be z itself at the same position, then only a remains
   */
  void biasActivate(
      Activation h,
      int rows,
      int panels,
      float[] bias,
      int biasAt,
      float[] z,
      int zAt,
      float[] a,
      int aAt);

  /** a = h(z) over {@code length} floats. */
  void activate(Activation h, float[] z, int zAt, float[] a, int aAt, int length);

  /**
   * dZ = dA · h'(z) over {@code length} floats; h' from {@code a} where {@link
   * Activation#derivativeFromOutput()}, else from {@code z}. Where dA is ±0 and h' is finite, dZ is
   * zero: padding stays zero.
   */
  void activationGradient(
      Activation h,
      float[] z,
      int zAt,
      float[] a,
      int aAt,
      float[] dA,
      int dAAt,
      float[] dZ,
      int dZAt,
      int length);

  /** x += y over {@code length} floats: a node of the reduction tree. */
  void add(float[] x, int xAt, float[] y, int yAt, int length);

  /**
   * x = x rounded to a bfloat16, the upper 16 bits of a float, over {@code length} floats: to the
   * nearest, ties to even; what is no number stays none. One loop for all sets.
   */
  default void roundToBfloat16(float[] x, int xAt, int length) {
    for (int i = xAt; i < xAt + length; i++) {
      int bits = Float.floatToRawIntBits(x[i]);
      int rounded = (bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16;
      int upper = Float.isNaN(x[i]) ? (bits >>> 16) | 0x40 : rounded;
      x[i] = Float.intBitsToFloat(upper << 16);
    }
  }

  /**
   * Inverted dropout in place (Srivastava et al. 2014): x[row][c] becomes x / (1 - rate) where
   * kept, else +0. The mask is a function of (key, firstRow + row, c) alone, see {@link
   * CounterRandom#keeps}; the gradient is masked by the same call.
   *
   * @param x packed [rows][columns]
   * @param firstRow position of row 0 within the step's global batch
   * @param rate probability of dropping, in [0, 1)
   */
  void dropout(int rows, int columns, long key, int firstRow, float rate, float[] x, int xAt);

  /**
   * X[i][c] = unsigned source[rowIndices[from + i]][c] · scale[c] + shift[c] by one fma, for i in
   * [0, count).
   *
   * @param source row-major [*][width]
   * @param scale [width]
   * @param shift [width]
   * @param x packed [count][width]; the padding is overwritten with zeros
   */
  void gatherBytes(
      byte[] source,
      int width,
      int[] rowIndices,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] x,
      int xAt);

  /** As {@link #gatherBytes}, from floats. */
  void gatherFloats(
      float[] source,
      int width,
      int[] rowIndices,
      int from,
      int count,
      float[] scale,
      float[] shift,
      float[] x,
      int xAt);
}
