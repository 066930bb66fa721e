package io.lockstep.kernels;

/**
 * The arithmetic of composed graphs: two operands element by element, affine maps, roots, sums over
 * columns.
 *
 * <p>"Over {@code length} floats" means contiguous floats, padding included. Arrays may be the same
 * at the same position unless said otherwise. Nothing is allocated.
 */
public interface Arithmetic {

  /** What {@link #combine} does with two numbers. */
  enum Operator {
    /** x + y. */
    ADD,
    /** x − y. */
    SUBTRACT,
    /** x · y. */
    MULTIPLY,
    /** x / y. */
    DIVIDE
  }

  /** z = x op y over {@code length} floats, each rounded once. */
  void combine(
      Operator operator, float[] x, int xAt, float[] y, int yAt, float[] z, int zAt, int length);

  /** y = fma(x, factor, shift) over {@code length} floats. */
  void affine(float factor, float shift, float[] x, int xAt, float[] y, int yAt, int length);

  /** y = √x over {@code length} floats, correctly rounded; NaN below −0. */
  void squareRoot(float[] x, int xAt, float[] y, int yAt, int length);

  /** y = 1 / x over {@code length} floats, correctly rounded. */
  void reciprocal(float[] x, int xAt, float[] y, int yAt, int length);

  /**
   * y[row] = Σ over columns of x[row][c], in a fixed shape: a chain for each lane of the panels
   * from +0 on, then the 16 lanes pairwise (8, 4, 2, 1 apart).
   *
   * @param x packed [rows][columns], padding zero
   * @param y packed [rows][1], padding overwritten with zeros; not x
   */
  void sumColumns(int rows, int columns, float[] x, int xAt, float[] y, int yAt);
}
