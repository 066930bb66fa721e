package io.lockstep.data.formula;

/**
 * R's {@code ns}: cubic splines whose second derivative is zero at the boundary knots, and which go
 * on as straight lines beyond them.
 *
 * <p>The cubic B-splines' second derivatives at the two boundaries are two constraints on their
 * coefficients. The QR decomposition of the constraints, by Householder's reflections as in LINPACK
 * so that the signs are R's, turns the B-splines into functions of which all but the first two
 * satisfy them.
 */
final class NaturalSpline implements SplineBasis {

  private static final int ORDER = 4;

  private final BSplines splines;
  private final boolean intercept;
  private final double low;
  private final double high;
  private final double[][] boundaryValues; // at low, high
  private final double[][] boundarySlopes;
  private final double[][] reflections; // Householder vectors

  NaturalSpline(double[] interior, double low, double high, boolean intercept) {
    this.splines = new BSplines(ORDER, interior, low, high);
    this.intercept = intercept;
    this.low = low;
    this.high = high;
    this.boundaryValues = new double[][] {derivatives(0, low), derivatives(0, high)};
    this.boundarySlopes = new double[][] {derivatives(1, low), derivatives(1, high)};
    this.reflections = householder(derivatives(2, low), derivatives(2, high));
  }

  private double[] derivatives(int derivative, double x) {
    double[] all = new double[used()];
    for (int i = 0; i < all.length; i++) {
      all[i] = splines.derivative(i + first(), derivative, x);
    }
    return all;
  }

  private int first() {
    return intercept ? 0 : 1;
  }

  private int used() {
    return splines.count() - first();
  }

  @Override
  public int columns() {
    return used() - 2;
  }

  @Override
  public void values(double x, double[] out, int at) {
    double[] basis = new double[splines.count()];
    if (x < low) {
      line(0, x - low, basis);
    } else if (x > high) {
      line(1, x - high, basis);
    } else {
      splines.values(x, basis);
      System.arraycopy(basis, first(), basis, 0, used());
    }
    for (int r = 0; r < reflections.length; r++) {
      reflect(reflections[r], r, basis);
    }
    System.arraycopy(basis, 2, out, at, columns());
  }

  private void line(int boundary, double distance, double[] basis) {
    for (int i = 0; i < used(); i++) {
      basis[i] = boundaryValues[boundary][i] + distance * boundarySlopes[boundary][i];
    }
  }

  /** LINPACK's {@code dqrdc2} for two columns; each vector's own element is on the diagonal. */
  private static double[][] householder(double[] first, double[] second) {
    toReflection(first, 0);
    reflect(first, 0, second);
    toReflection(second, 1);
    return new double[][] {first, second};
  }

  private static void toReflection(double[] vector, int diagonal) {
    double norm = 0;
    for (int i = diagonal; i < vector.length; i++) {
      norm += vector[i] * vector[i];
    }
    norm = Math.sqrt(norm);
    double signed = vector[diagonal] < 0 ? -norm : norm;
    for (int i = diagonal; i < vector.length; i++) {
      vector[i] /= signed;
    }
    vector[diagonal] += 1;
  }

  private static void reflect(double[] reflection, int diagonal, double[] y) {
    double dot = 0;
    for (int i = diagonal; i < reflection.length; i++) {
      dot += reflection[i] * y[i];
    }
    double t = -dot / reflection[diagonal];
    for (int i = diagonal; i < reflection.length; i++) {
      y[i] += t * reflection[i];
    }
  }
}
