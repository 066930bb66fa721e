package io.lockstep.glm;

/**
 * The columns z of a linear predictor, standardized, without those that the ones before them make
 * up (aliased columns). Which these are is a matter of the rows' columns alone, as it is for R's QR
 * decomposition of the model matrix: a column by which classes are separated is no combination of
 * others, however little Fisher's information is left of it.
 */
final class Design {

  /**
   * Least part of a column's squared length that the columns before it may leave. R's glm asks for
   * 1e-11 of the length, and lm for 1e-7, with columns in double. Here they are floats, whose cells
   * are rounded by up to 6e-8 of their value: a column that is a combination of others leaves some
   * 1e-7 of its length. So this takes 3e-6, fifty such roundings, of which it is the square. Where
   * a mean is more than fifty standard deviations away from 0, rounding may leave more: then such a
   * column is kept, with an enormous standard error.
   */
  private static final double TOLERANCE = 1e-11;

  private final Standardized columns;
  private final CholeskyFactor gram;
  private final int width;

  Design(CaseRows rows) {
    this.columns = new Standardized(rows);
    this.width = 1 + rows.width();
    double[][] products = CholeskyFactor.lowerTriangle(width);
    double[] z = new double[width];
    for (int row = 0; row < rows.count(); row++) {
      columns.row(row, z);
      for (int a = 0; a < width; a++) {
        for (int b = 0; b <= a; b++) {
          products[a][b] += z[a] * z[b];
        }
      }
    }
    this.gram = new CholeskyFactor(products, TOLERANCE);
  }

  /** The number of columns with the intercept. */
  int width() {
    return width;
  }

  /** The number of columns, with the intercept, that no others make up. */
  int rank() {
    return gram.rank();
  }

  /** Whether column {@code j}, the intercept being 0, is no combination of those before it. */
  boolean isKept(int j) {
    return gram.kept(j);
  }

  /** Whether column {@code j}, counted from 1 after the intercept, is the same in all rows. */
  boolean isConstant(int j) {
    return columns.isConstant(j - 1);
  }

  /** Writes z[0 .. width) of a row, 0 where a column is left out. */
  void row(int row, double[] z) {
    columns.row(row, z);
    for (int j = 0; j < width; j++) {
      z[j] = isKept(j) ? z[j] : 0;
    }
  }

  /** γ of β: the coefficient of a column that is left out goes over to those that make it up. */
  double[] toStandardized(double[] beta) {
    double[] gamma = columns.toStandardized(beta);
    for (int j = 0; j < width; j++) {
      if (!isKept(j) && gamma[j] != 0) {
        double[] parts = gram.combination(j);
        for (int i = 0; i < j; i++) {
          gamma[i] += parts[i] * gamma[j];
        }
        gamma[j] = 0;
      }
    }
    return gamma;
  }

  /** β of γ; linear, so that it holds for changes as well. */
  double[] toOriginal(double[] gamma) {
    return columns.toOriginal(gamma);
  }

  /** Writes t with β[j] = Σ t[i] γ[i] over the kept columns. */
  void weightsOf(int j, double[] t, int at) {
    columns.weightsOf(j, t, at);
    for (int i = 0; i < width; i++) {
      t[at + i] = isKept(i) ? t[at + i] : 0;
    }
  }
}
