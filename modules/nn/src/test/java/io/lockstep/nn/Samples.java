package io.lockstep.nn;

import io.lockstep.kernels.Panels;
import java.util.Random;

/** Rows of random data, row-major, and how they get into a pass. */
record Samples(float[][] x, int[] labels, float[][] y) {

  static Samples random(long seed, int rows, Network network) {
    Random random = new Random(seed);
    float[][] x = gaussian(random, rows, network.inputWidth());
    float[][] y = gaussian(random, rows, network.outputs());
    support(network.family(), y);
    int[] labels = random.ints(rows, 0, network.outputs()).toArray();
    return new Samples(x, labels, y);
  }

  /** Numbers that the family may have for targets. */
  private static void support(OutputFamily family, float[][] y) {
    for (float[] row : y) {
      for (int i = 0; i < row.length; i++) {
        row[i] =
            switch (family) {
              case Bernoulli f -> row[i] > 0 ? 1 : 0;
              case Poisson f -> (float) Math.floor(Math.exp(row[i]));
              case NegativeBinomial f -> (float) Math.floor(2 * Math.exp(row[i]));
              case Gamma f -> (float) Math.exp(row[i]);
              case Exponential f -> (float) Math.exp(row[i]);
              default -> row[i];
            };
      }
    }
  }

  private static float[][] gaussian(Random random, int rows, int columns) {
    float[][] matrix = new float[rows][columns];
    for (float[] row : matrix) {
      for (int column = 0; column < columns; column++) {
        row[column] = (float) random.nextGaussian();
      }
    }
    return matrix;
  }

  int rows() {
    return x.length;
  }

  /** Fills the pass with rows [from, to). */
  void fill(Pass pass, int from, int to) {
    int rows = to - from;
    for (int i = 0; i < rows; i++) {
      put(x[from + i], rows, i, pass.input(), pass.inputAt());
      pass.labels()[i] = labels[from + i];
      if (pass.targets().length > 0) {
        put(y[from + i], rows, i, pass.targets(), 0);
      }
    }
  }

  private static void put(float[] values, int rows, int row, float[] packed, int at) {
    for (int column = 0; column < Panels.paddedColumns(values.length); column++) {
      packed[at + Panels.index(rows, row, column)] = column < values.length ? values[column] : 0f;
    }
  }
}
