package io.lockstep.nn;

import io.lockstep.kernels.Panels;
import java.util.List;

/**
 * Layer normalization (Ba, Kiros and Hinton 2016): each row to mean 0 and variance 1 over its
 * columns, times a learned gain, plus a learned bias.
 *
 * <pre>
 *   x̂ = (x − mean) / √(variance + ε), variance = Σ (x − mean)² / columns
 *   y = gain · x̂ + bias
 * </pre>
 *
 * The same in training and evaluation. Means are double sums in the order of the columns.
 */
final class LayerNorm implements CustomLayer {

  private static final int MEAN = 0;
  private static final int SCALE = 1;

  private final int width;
  private final double epsilon;
  private final List<Parameter> parameters;

  LayerNorm(int width, double epsilon) {
    this.width = width;
    this.epsilon = epsilon;
    this.parameters =
        List.of(Parameter.vector("gain", width, 1), Parameter.vector("bias", width, 0));
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public List<Parameter> parameters() {
    return parameters;
  }

  /** Mean and 1 / √(variance + ε). */
  @Override
  public int savedColumns() {
    return 2;
  }

  @Override
  public String kind() {
    return "layerNorm";
  }

  @Override
  public String detail() {
    return "epsilon " + epsilon;
  }

  double epsilon() {
    return epsilon;
  }

  @Override
  public void forward(Leaf leaf) {
    Matrix x = leaf.input();
    for (int row = 0; row < leaf.rows(); row++) {
      double mean = sum(x, row) / width;
      double variance = squares(x, row, mean) / width;
      leaf.saved().set(row, MEAN, (float) mean);
      leaf.saved().set(row, SCALE, (float) (1 / Math.sqrt(variance + epsilon)));
      normalize(leaf, row);
    }
  }

  private double sum(Matrix x, int row) {
    float[] values = x.array();
    double sum = 0;
    for (int from = 0; from < width; from += Panels.WIDTH) {
      int at = x.index(row, from);
      int end = at + Math.min(Panels.WIDTH, width - from);
      for (int i = at; i < end; i++) {
        sum += values[i];
      }
    }
    return sum;
  }

  private double squares(Matrix x, int row, double mean) {
    float[] values = x.array();
    double sum = 0;
    for (int from = 0; from < width; from += Panels.WIDTH) {
      int at = x.index(row, from);
      int end = at + Math.min(Panels.WIDTH, width - from);
      for (int i = at; i < end; i++) {
        double centred = values[i] - mean;
        sum += centred * centred;
      }
    }
    return sum;
  }

  private void normalize(Leaf leaf, int row) {
    float mean = leaf.saved().get(row, MEAN);
    float scale = leaf.saved().get(row, SCALE);
    Matrix x = leaf.input();
    Matrix y = leaf.output();
    Matrix gain = leaf.parameter(0);
    Matrix bias = leaf.parameter(1);
    for (int from = 0; from < width; from += Panels.WIDTH) {
      int lanes = Math.min(Panels.WIDTH, width - from);
      int xAt = x.index(row, from);
      int yAt = y.index(row, from);
      int gainAt = gain.index(0, from);
      int biasAt = bias.index(0, from);
      for (int i = 0; i < lanes; i++) {
        float normalized = (x.array()[xAt + i] - mean) * scale;
        y.array()[yAt + i] = gain.array()[gainAt + i] * normalized + bias.array()[biasAt + i];
      }
    }
  }

  /**
   * With d = dy · gain: dx = (d − mean of d − x̂ · mean of d · x̂) / √(variance + ε); dgain = Σ
   * over rows of dy · x̂, dbias = Σ over rows of dy.
   */
  @Override
  public void backward(Leaf leaf) {
    for (int row = 0; row < leaf.rows(); row++) {
      parameterGradients(leaf, row);
      if (leaf.wantsInputGradient()) {
        inputGradient(leaf, row);
      }
    }
  }

  private void parameterGradients(Leaf leaf, int row) {
    float mean = leaf.saved().get(row, MEAN);
    float scale = leaf.saved().get(row, SCALE);
    Matrix x = leaf.input();
    Matrix dy = leaf.outputGradient();
    Matrix dGain = leaf.gradient(0);
    Matrix dBias = leaf.gradient(1);
    for (int from = 0; from < width; from += Panels.WIDTH) {
      int lanes = Math.min(Panels.WIDTH, width - from);
      int xAt = x.index(row, from);
      int dyAt = dy.index(row, from);
      int dGainAt = dGain.index(0, from);
      int dBiasAt = dBias.index(0, from);
      for (int i = 0; i < lanes; i++) {
        float d = dy.array()[dyAt + i];
        dGain.array()[dGainAt + i] += d * ((x.array()[xAt + i] - mean) * scale);
        dBias.array()[dBiasAt + i] += d;
      }
    }
  }

  private void inputGradient(Leaf leaf, int row) {
    float mean = leaf.saved().get(row, MEAN);
    float scale = leaf.saved().get(row, SCALE);
    Matrix x = leaf.input();
    Matrix dy = leaf.outputGradient();
    Matrix dx = leaf.inputGradient();
    Matrix gain = leaf.parameter(0);
    double sum = 0;
    double sumNormalized = 0;
    for (int from = 0; from < width; from += Panels.WIDTH) {
      int lanes = Math.min(Panels.WIDTH, width - from);
      int xAt = x.index(row, from);
      int dyAt = dy.index(row, from);
      int gainAt = gain.index(0, from);
      for (int i = 0; i < lanes; i++) {
        float d = dy.array()[dyAt + i] * gain.array()[gainAt + i];
        sum += d;
        sumNormalized += (double) d * ((x.array()[xAt + i] - mean) * scale);
      }
    }
    float average = (float) (sum / width);
    float averageNormalized = (float) (sumNormalized / width);
    for (int from = 0; from < width; from += Panels.WIDTH) {
      int lanes = Math.min(Panels.WIDTH, width - from);
      int xAt = x.index(row, from);
      int dyAt = dy.index(row, from);
      int dxAt = dx.index(row, from);
      int gainAt = gain.index(0, from);
      for (int i = 0; i < lanes; i++) {
        float d = dy.array()[dyAt + i] * gain.array()[gainAt + i];
        float normalized = (x.array()[xAt + i] - mean) * scale;
        dx.array()[dxAt + i] = scale * (d - average - normalized * averageNormalized);
      }
    }
  }
}
