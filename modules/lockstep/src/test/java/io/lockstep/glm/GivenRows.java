package io.lockstep.glm;

/** Rows of a test. */
record GivenRows(double[][] x, double[] offsets, double[] responses) implements CaseRows {

  GivenRows(double[][] x, double[] responses) {
    this(x, new double[x.length], responses);
  }

  @Override
  public int count() {
    return x.length;
  }

  @Override
  public int width() {
    return x[0].length;
  }

  @Override
  public void inputs(int row, double[] to) {
    System.arraycopy(x[row], 0, to, 0, to.length);
  }

  @Override
  public double offset(int row) {
    return offsets[row];
  }

  @Override
  public double weight(int row) {
    return 1;
  }

  @Override
  public double response(int row) {
    return responses[row];
  }
}
