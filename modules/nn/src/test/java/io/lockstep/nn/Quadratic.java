package io.lockstep.nn;

import java.util.List;

/** y = z + g · z² with z = x V: a matrix, a vector and saved columns. V [in][width], g [width]. */
record Quadratic(int in, int width) implements CustomLayer {

  @Override
  public List<Parameter> parameters() {
    return List.of(
        Parameter.matrix("V", in, width, Initializer.LECUN_NORMAL),
        Parameter.vector("g", width, 0.25f));
  }

  @Override
  public int savedColumns() {
    return width;
  }

  @Override
  public String detail() {
    return "to " + width;
  }

  @Override
  public void forward(Leaf leaf) {
    for (int row = 0; row < leaf.rows(); row++) {
      for (int j = 0; j < width; j++) {
        float z = 0;
        for (int i = 0; i < in; i++) {
          z = Math.fma(leaf.input().get(row, i), leaf.parameter(0).get(i, j), z);
        }
        leaf.saved().set(row, j, z);
        leaf.output().set(row, j, z + leaf.parameter(1).get(0, j) * z * z);
      }
    }
  }

  @Override
  public void backward(Leaf leaf) {
    for (int row = 0; row < leaf.rows(); row++) {
      for (int j = 0; j < width; j++) {
        float z = leaf.saved().get(row, j);
        float dY = leaf.outputGradient().get(row, j);
        float dZ = dY * (1 + 2 * leaf.parameter(1).get(0, j) * z);
        leaf.gradient(1).add(0, j, dY * z * z);
        for (int i = 0; i < in; i++) {
          leaf.gradient(0).add(i, j, leaf.input().get(row, i) * dZ);
          if (leaf.wantsInputGradient()) {
            leaf.inputGradient().add(row, i, leaf.parameter(0).get(i, j) * dZ);
          }
        }
      }
    }
  }

  /** The same in double precision, from the layer's position in the canonical θ. */
  double[] inDouble(double[] theta, int at, double[] x) {
    double[] y = new double[width];
    for (int j = 0; j < width; j++) {
      double z = 0;
      for (int i = 0; i < in; i++) {
        z += x[i] * theta[at + i * width + j];
      }
      y[j] = z + theta[at + in * width + j] * z * z;
    }
    return y;
  }
}
