package io.lockstep.data.formula;

/**
 * A variable's values as those of basis functions, as R's package {@code splines} defines them.
 * Immutable and thread-safe.
 */
sealed interface SplineBasis permits SplineBasis.B, NaturalSpline {

  /** Number of basis functions. */
  int columns();

  /**
   * The basis functions at x.
   *
   * @param out [columns] from {@code at}, overwritten
   */
  void values(double x, double[] out, int at);

  /** R's {@code bs}: B-splines of a degree, without the first unless it has an intercept. */
  record B(BSplines splines, boolean intercept) implements SplineBasis {

    @Override
    public int columns() {
      return splines.count() - (intercept ? 0 : 1);
    }

    @Override
    public void values(double x, double[] out, int at) {
      double[] all = new double[splines.count()];
      splines.values(x, all);
      System.arraycopy(all, intercept ? 0 : 1, out, at, columns());
    }
  }
}
