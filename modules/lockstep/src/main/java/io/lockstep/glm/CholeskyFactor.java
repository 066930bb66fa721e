package io.lockstep.glm;

import java.util.Arrays;

/**
 * The Cholesky factor L of a symmetric matrix that is positive semidefinite: L Lᵀ = A over the rows
 * and columns that are kept. Row by row, those whose pivot nearly vanishes, since their column is a
 * linear combination of the ones before it, are left out.
 */
final class CholeskyFactor {

  /** Part of a vector that is more than what a vanishing pivot leaves of rounding errors. */
  private static final double TRACE = 1e-4;

  private final double[][] factor;
  private final boolean[] kept;
  private int rank;

  /**
   * Factors a matrix.
   *
   * @param a [n][n], of which the lower triangle is read and overwritten
   * @param tolerance least part of a diagonal element that its pivot may be
   */
  CholeskyFactor(double[][] a, double tolerance) {
    this.factor = a;
    this.kept = new boolean[a.length];
    for (int i = 0; i < a.length; i++) {
      double diagonal = a[i][i];
      double pivot = diagonal;
      for (int j = 0; j < i; j++) {
        a[i][j] = kept[j] ? eliminated(i, j) / a[j][j] : 0;
        pivot -= a[i][j] * a[i][j];
      }
      kept[i] = pivot > tolerance * diagonal;
      a[i][i] = kept[i] ? Math.sqrt(pivot) : 0;
      rank += kept[i] ? 1 : 0;
    }
  }

  /** Zeros for a matrix to be factored. */
  static double[][] lowerTriangle(int n) {
    double[][] matrix = new double[n][];
    Arrays.setAll(matrix, i -> new double[i + 1]);
    return matrix;
  }

  private double eliminated(int i, int j) {
    double sum = factor[i][j];
    for (int k = 0; k < j; k++) {
      sum -= factor[i][k] * factor[j][k];
    }
    return sum;
  }

  /** Number of rows that are kept. */
  int rank() {
    return rank;
  }

  /** Whether a row is kept. */
  boolean kept(int i) {
    return kept[i];
  }

  /**
   * Solves A x = b over the kept rows.
   *
   * @param x b, overwritten with x; 0 where a row is left out
   */
  void solve(double[] x) {
    solveLower(x);
    solveUpper(x);
  }

  /** L x = b. */
  private void solveLower(double[] x) {
    for (int i = 0; i < x.length; i++) {
      double sum = x[i];
      for (int k = 0; k < i; k++) {
        sum -= factor[i][k] * x[k];
      }
      x[i] = kept[i] ? sum / factor[i][i] : 0;
    }
  }

  private void solveUpper(double[] x) {
    for (int i = x.length - 1; i >= 0; i--) {
      double sum = x[i];
      for (int k = i + 1; k < x.length; k++) {
        sum -= kept[k] ? factor[k][i] * x[k] : 0;
      }
      x[i] = kept[i] ? sum / factor[i][i] : 0;
    }
  }

  /**
   * √(tᵀ A⁻¹ t).
   *
   * @param t overwritten
   * @return infinite if t has a part in a direction in which A vanishes
   */
  double inverseLength(double[] t) {
    double least = TRACE * Arrays.stream(t).map(Math::abs).max().orElse(0);
    double squares = 0;
    for (int i = 0; i < t.length; i++) {
      for (int k = 0; k < i; k++) {
        t[i] -= factor[i][k] * t[k];
      }
      if (!kept[i] && Math.abs(t[i]) > least) {
        return Double.POSITIVE_INFINITY;
      }
      t[i] = kept[i] ? t[i] / factor[i][i] : 0;
      squares += t[i] * t[i];
    }
    return Math.sqrt(squares);
  }

  /**
   * The left-out column {@code i} as a combination of the kept ones before it.
   *
   * @return [n], 0 but for those
   */
  double[] combination(int i) {
    double[] x = new double[kept.length];
    System.arraycopy(factor[i], 0, x, 0, i);
    solveUpper(x);
    return x;
  }
}
