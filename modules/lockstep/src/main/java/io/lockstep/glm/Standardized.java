package io.lockstep.glm;

/**
 * The columns of rows brought to mean 0 and standard deviation 1, so that the information matrix is
 * as well conditioned as columns allow: z = (x − mean) / sd, z[0] = 1; a constant column is 0. With
 * γ the coefficients of z, those of x are β[j] = γ[j] / sd[j] and β[0] = γ[0] − Σ γ[j] mean[j] /
 * sd[j].
 */
final class Standardized {

  private final CaseRows rows;
  private final double[] mean;
  private final double[] factor;
  private final double[] x;

  Standardized(CaseRows rows) {
    this.rows = rows;
    int width = rows.width();
    this.mean = new double[width];
    this.factor = new double[width];
    this.x = new double[width];
    double[] first = new double[width];
    rows.inputs(0, first);
    for (int row = 0; row < rows.count(); row++) {
      rows.inputs(row, x);
      for (int c = 0; c < width; c++) {
        mean[c] += x[c] - first[c];
      }
    }
    for (int c = 0; c < width; c++) {
      mean[c] = first[c] + mean[c] / rows.count();
    }
    setFactors(first);
  }

  private void setFactors(double[] first) {
    double[] squares = new double[mean.length];
    boolean[] varies = new boolean[mean.length];
    for (int row = 0; row < rows.count(); row++) {
      rows.inputs(row, x);
      for (int c = 0; c < mean.length; c++) {
        squares[c] += (x[c] - mean[c]) * (x[c] - mean[c]);
        varies[c] |= x[c] != first[c];
      }
    }
    for (int c = 0; c < mean.length; c++) {
      factor[c] = varies[c] ? Math.sqrt(rows.count() / squares[c]) : 0;
    }
  }

  /** Whether column {@code c}, counted from 0 without the intercept, is the same in all rows. */
  boolean isConstant(int c) {
    return factor[c] == 0;
  }

  /** Writes z[0 .. 1 + width) of a row. */
  void row(int row, double[] z) {
    rows.inputs(row, x);
    z[0] = 1;
    for (int c = 0; c < x.length; c++) {
      z[c + 1] = (x[c] - mean[c]) * factor[c];
    }
  }

  /** γ of β; that of a constant column is 0, and its part is in the intercept. */
  double[] toStandardized(double[] beta) {
    double[] gamma = beta.clone();
    for (int c = 0; c < mean.length; c++) {
      gamma[0] += beta[c + 1] * mean[c];
      gamma[c + 1] = isConstant(c) ? 0 : beta[c + 1] / factor[c];
    }
    return gamma;
  }

  /** β of γ; linear, so that it holds for changes as well. */
  double[] toOriginal(double[] gamma) {
    double[] beta = gamma.clone();
    for (int c = 0; c < mean.length; c++) {
      beta[c + 1] = gamma[c + 1] * factor[c];
      beta[0] -= beta[c + 1] * mean[c];
    }
    return beta;
  }

  /** Writes the row of the matrix of {@link #toOriginal} that makes β[j]: β[j] = Σ t[i] γ[i]. */
  void weightsOf(int j, double[] t, int at) {
    if (j > 0) {
      t[at + j] = factor[j - 1];
      return;
    }
    t[at] = 1;
    for (int c = 0; c < mean.length; c++) {
      t[at + c + 1] = -mean[c] * factor[c];
    }
  }
}
