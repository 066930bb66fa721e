package io.lockstep.nn;

import io.lockstep.kernels.Panels;
import java.util.List;

/**
 * Batch normalization (Ioffe and Szegedy 2015): in training each column to mean 0 and variance 1
 * over the rows of a micro-batch, in evaluation and prediction by running statistics; times a
 * learned gain, plus a learned bias.
 *
 * <pre>
 *   x̂ = (x − mean) / √(variance + ε), variance = Σ (x − mean)² / rows
 *   y = gain · x̂ + bias
 * </pre>
 *
 * The statistics are those of one micro-batch, never of several, so that it does not matter who
 * computes which. Those of a single row are its own values and 0: then y is the bias.
 *
 * <p><b>Running statistics</b> are parameters of role {@link ParameterLayout.Role#STATISTIC}: what
 * a leaf yields in place of their gradient is (1 − momentum) · weight · (running − the leaf's),
 * with weight the sum of its rows' case weights. Summed in the tree and divided by the weights of
 * the step, that is (1 − momentum) · (running − mean of the leaves' statistics, each with its
 * leaf's share of the step's weight); subtracted, the running statistic goes that far to the mean.
 * Case weights count here only: within a leaf each row counts once, in training and so in the
 * statistics. The leaf's variance is here the unbiased Σ (x − mean)² / (rows − 1), as in the paper;
 * a leaf of one row has none, and leaves the running variance as it was.
 */
final class BatchNorm implements CustomLayer {

  private final int width;
  private final double momentum;
  private final double epsilon;
  private final List<Parameter> parameters;

  /**
   * @param momentum share of the running statistics that stays in a step
   */
  BatchNorm(int width, double momentum, double epsilon) {
    this.width = width;
    this.momentum = momentum;
    this.epsilon = epsilon;
    this.parameters =
        List.of(
            Parameter.vector("gain", width, 1),
            Parameter.vector("bias", width, 0),
            Parameter.statistic("running_mean", width, 0),
            Parameter.statistic("running_var", width, 1));
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public List<Parameter> parameters() {
    return parameters;
  }

  @Override
  public String kind() {
    return "batchNorm";
  }

  @Override
  public String detail() {
    return "momentum " + momentum + ", epsilon " + epsilon;
  }

  double epsilon() {
    return epsilon;
  }

  @Override
  public void forward(Leaf leaf) {
    for (int column = 0; column < width; column++) {
      if (leaf.training()) {
        double mean = mean(leaf, column);
        double variance = squares(leaf, column, mean) / leaf.rows();
        normalize(leaf, column, (float) mean, scale(variance));
      } else {
        // Rounded sums of gradients may leave it a little below zero.
        float variance = Math.max(0, leaf.parameter(3).get(0, column));
        normalize(leaf, column, leaf.parameter(2).get(0, column), scale(variance));
      }
    }
  }

  private float scale(double variance) {
    return (float) (1 / Math.sqrt(variance + epsilon));
  }

  private static double mean(Leaf leaf, int column) {
    float[] x = leaf.input().array();
    int at = leaf.input().index(0, column);
    double sum = 0;
    for (int row = 0; row < leaf.rows(); row++) {
      sum += x[at + row * Panels.WIDTH];
    }
    return sum / leaf.rows();
  }

  private static double squares(Leaf leaf, int column, double mean) {
    float[] x = leaf.input().array();
    int at = leaf.input().index(0, column);
    double sum = 0;
    for (int row = 0; row < leaf.rows(); row++) {
      double centred = x[at + row * Panels.WIDTH] - mean;
      sum += centred * centred;
    }
    return sum;
  }

  private static void normalize(Leaf leaf, int column, float mean, float scale) {
    float[] x = leaf.input().array();
    float[] y = leaf.output().array();
    int xAt = leaf.input().index(0, column);
    int yAt = leaf.output().index(0, column);
    float gain = leaf.parameter(0).get(0, column);
    float bias = leaf.parameter(1).get(0, column);
    for (int row = 0; row < leaf.rows(); row++) {
      float normalized = (x[xAt + row * Panels.WIDTH] - mean) * scale;
      y[yAt + row * Panels.WIDTH] = gain * normalized + bias;
    }
  }

  /**
   * dgain = Σ dy · x̂, dbias = Σ dy, dx = gain · (dy − dbias / rows − x̂ · dgain / rows) /
   * √(variance + ε). The leaf's statistics are computed again, to the same bits.
   */
  @Override
  public void backward(Leaf leaf) {
    for (int column = 0; column < width; column++) {
      double mean = mean(leaf, column);
      double squares = squares(leaf, column, mean);
      gradients(leaf, column, (float) mean, scale(squares / leaf.rows()));
      statistics(leaf, column, mean, squares);
    }
  }

  private static void gradients(Leaf leaf, int column, float mean, float scale) {
    float[] x = leaf.input().array();
    float[] dy = leaf.outputGradient().array();
    int xAt = leaf.input().index(0, column);
    int dyAt = leaf.outputGradient().index(0, column);
    double dBias = 0;
    double dGain = 0;
    for (int row = 0; row < leaf.rows(); row++) {
      float d = dy[dyAt + row * Panels.WIDTH];
      dBias += d;
      dGain += (double) d * ((x[xAt + row * Panels.WIDTH] - mean) * scale);
    }
    leaf.gradient(0).set(0, column, (float) dGain);
    leaf.gradient(1).set(0, column, (float) dBias);
    if (leaf.wantsInputGradient()) {
      float[] dx = leaf.inputGradient().array();
      int dxAt = leaf.inputGradient().index(0, column);
      float factor = leaf.parameter(0).get(0, column) * scale;
      float average = (float) (dBias / leaf.rows());
      float averageNormalized = (float) (dGain / leaf.rows());
      for (int row = 0; row < leaf.rows(); row++) {
        float normalized = (x[xAt + row * Panels.WIDTH] - mean) * scale;
        float d = dy[dyAt + row * Panels.WIDTH];
        dx[dxAt + row * Panels.WIDTH] = factor * (d - average - normalized * averageNormalized);
      }
    }
  }

  private void statistics(Leaf leaf, int column, double mean, double squares) {
    double share = (1 - momentum) * leaf.weight();
    float runningMean = leaf.parameter(2).get(0, column);
    leaf.gradient(2).set(0, column, (float) (share * (runningMean - mean)));
    if (leaf.rows() > 1) {
      float runningVariance = leaf.parameter(3).get(0, column);
      double variance = squares / (leaf.rows() - 1);
      leaf.gradient(3).set(0, column, (float) (share * (runningVariance - variance)));
    }
  }
}
