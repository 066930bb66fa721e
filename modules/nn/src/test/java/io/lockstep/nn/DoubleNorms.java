package io.lockstep.nn;

/** Layer and batch normalization in double precision, by the formulas of torch's manual. */
final class DoubleNorms {

  private DoubleNorms() {}

  /** {@code torch.nn.LayerNorm}: y = (x − E[x]) / √(Var[x] + ε) · gain + bias, Var biased. */
  static double[] layer(double[] theta, int at, double[] x, double epsilon) {
    int n = x.length;
    double mean = 0;
    double meanSquare = 0;
    for (double value : x) {
      mean += value / n;
    }
    for (double value : x) {
      meanSquare += (value - mean) * (value - mean) / n;
    }
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      y[i] = (x[i] - mean) / Math.sqrt(meanSquare + epsilon) * theta[at + i] + theta[at + n + i];
    }
    return y;
  }

  /**
   * {@code torch.nn.BatchNorm1d} on the rows of a leaf; gain, bias, running mean and running
   * variance from {@code at}.
   */
  static double[][] batch(double[] theta, int at, double[][] x, double epsilon, boolean training) {
    int n = x[0].length;
    double[][] y = new double[x.length][n];
    for (int i = 0; i < n; i++) {
      double mean = training ? mean(x, i) : theta[at + 2 * n + i];
      double variance = training ? squares(x, i) / x.length : theta[at + 3 * n + i];
      for (int row = 0; row < x.length; row++) {
        double normalized = (x[row][i] - mean) / Math.sqrt(variance + epsilon);
        y[row][i] = normalized * theta[at + i] + theta[at + n + i];
      }
    }
    return y;
  }

  static double mean(double[][] x, int column) {
    double sum = 0;
    for (double[] row : x) {
      sum += row[column];
    }
    return sum / x.length;
  }

  /** Sum of squared distances to the mean. */
  static double squares(double[][] x, int column) {
    double mean = mean(x, column);
    double sum = 0;
    for (double[] row : x) {
      sum += (row[column] - mean) * (row[column] - mean);
    }
    return sum;
  }
}
