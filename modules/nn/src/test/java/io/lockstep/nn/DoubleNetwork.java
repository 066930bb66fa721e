package io.lockstep.nn;

import io.lockstep.kernels.Activation;
import io.lockstep.kernels.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An independent forward pass in double precision: plain loops, own formulas, canonical θ.
 * Gradients of the product are held to central differences of this.
 */
final class DoubleNetwork {

  private final Network network;
  private final boolean dropout;
  private final long step;
  private final long seed;

  DoubleNetwork(Network network, boolean dropout, long step, long seed) {
    this.network = network;
    this.dropout = dropout;
    this.step = step;
    this.seed = seed;
  }

  /** The sum of the losses of all rows, the first of which is row {@code firstRow} of the batch. */
  double loss(double[] theta, Samples samples, int firstRow) {
    return loss(theta, samples, firstRow, samples.rows());
  }

  /** As above, of leaves of {@code leafRows} rows. */
  double loss(double[] theta, Samples samples, int firstRow, int leafRows) {
    double sum = 0;
    for (int from = 0; from < samples.rows(); from += leafRows) {
      int to = Math.min(from + leafRows, samples.rows());
      double[][] eta =
          leaf(theta, Arrays.copyOfRange(samples.x(), from, to), firstRow + from).getLast();
      for (int row = from; row < to; row++) {
        sum += rowLoss(eta[row - from], samples, row);
      }
    }
    return sum;
  }

  double[] eta(double[] theta, float[] input, int position) {
    return leaf(theta, new float[][] {input}, position).getLast()[0];
  }

  /** The input and what each layer makes of the rows of a leaf. */
  List<double[][]> leaf(double[] theta, float[][] input, int position) {
    List<double[][]> values = new ArrayList<>();
    values.add(toDoubles(input));
    int at = 0;
    for (int index = 0; index < network.layers().size(); index++) {
      Layer layer = network.layers().get(index);
      double[][] x = values.getLast();
      double[][] y = new double[x.length][];
      for (int row = 0; row < y.length; row++) {
        y[row] = row(theta, at, values, index, row, position + row);
      }
      if (layer instanceof Layer.Custom own && own.custom() instanceof BatchNorm norm) {
        y = DoubleNorms.batch(theta, at, x, norm.epsilon(), dropout);
      }
      values.add(y);
      at += layer.parameters().stream().mapToInt(p -> p.rows() * p.columns()).sum();
    }
    return values;
  }

  private double[] row(
      double[] theta, int at, List<double[][]> values, int index, int row, int position) {
    double[] x = values.getLast()[row];
    return switch (network.layers().get(index)) {
      case Layer.Dense dense -> dense(theta, at, x, dense);
      case Layer.Dropout drop -> dropout ? drop(x, index, position, drop.rate()) : x;
      case Layer.Residual residual -> sum(x, values.get(residual.from() + 1)[row]);
      case Layer.Custom custom ->
          switch (custom.custom()) {
            case Quadratic quadratic -> quadratic.inDouble(theta, at, x);
            case ShapeLayer shape -> withLast(x, theta[at]);
            case LayerNorm norm -> DoubleNorms.layer(theta, at, x, norm.epsilon());
            case BatchNorm norm -> null; // Of all rows at once.
            default -> throw new IllegalArgumentException(custom.kind());
          };
    };
  }

  private static double[][] toDoubles(float[][] input) {
    double[][] x = new double[input.length][input[0].length];
    for (int row = 0; row < x.length; row++) {
      for (int i = 0; i < x[row].length; i++) {
        x[row][i] = input[row][i];
      }
    }
    return x;
  }

  private static double[] sum(double[] a, double[] b) {
    double[] sum = a.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += b[i];
    }
    return sum;
  }

  private static double[] withLast(double[] a, double last) {
    double[] longer = Arrays.copyOf(a, a.length + 1);
    longer[a.length] = last;
    return longer;
  }

  private static double[] dense(double[] theta, int at, double[] x, Layer.Dense layer) {
    double[] a = new double[layer.units()];
    for (int unit = 0; unit < a.length; unit++) {
      double z = theta[at + layer.in() * layer.units() + unit];
      for (int i = 0; i < x.length; i++) {
        z += x[i] * theta[at + i * layer.units() + unit];
      }
      a[unit] = activate(layer.activation(), z);
    }
    return a;
  }

  private double[] drop(double[] x, int layer, int position, double rate) {
    long key = CounterRandom.bits(seed, CounterRandom.Purpose.DROPOUT, step, layer);
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = CounterRandom.keeps(key, position, i, (float) rate) ? x[i] / (1 - rate) : 0;
    }
    return y;
  }

  private static double activate(Activation h, double z) {
    return switch (h) {
      case IDENTITY -> z;
      case SIGMOID -> 1 / (1 + Math.exp(-z));
      case RELU -> Math.max(0, z);
      case TANH -> Math.tanh(z);
      case LEAKY_RELU -> z > 0 ? z : 0.01 * z;
      case ELU -> z > 0 ? z : Math.expm1(z);
      case SOFTPLUS -> Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
      case GELU -> z * normalDistribution(z);
      case SILU -> z / (1 + Math.exp(-z));
    };
  }

  /** Φ(z) by its Taylor series around 0: φ(z) (z + z³/3 + z⁵/15 + …) + ½. */
  static double normalDistribution(double z) {
    double term = z;
    double sum = z;
    for (int k = 3; Math.abs(term) > 1e-18 * Math.abs(sum); k += 2) {
      term *= z * z / k;
      sum += term;
    }
    return 0.5 + sum * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }

  private double rowLoss(double[] eta, Samples samples, int row) {
    return switch (network.family()) {
      case SquaredError f -> squares(eta, samples.y()[row]);
      case Gaussian f ->
          squares(eta, samples.y()[row]) / 2 + eta.length * Math.log(2 * Math.PI) / 2;
      case Categorical f -> crossEntropy(eta, samples.labels()[row]);
      case OneHotSquaredError f -> squaresOfLogistic(eta, samples.labels()[row]);
      default -> independent(network.family(), eta, samples.y()[row]);
    };
  }

  private static double independent(OutputFamily family, double[] eta, float[] y) {
    boolean learned = family.shape().learned();
    double shape = learned ? Math.exp(eta[y.length]) : family.shape().value();
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum -= DoubleFamilies.logDensity(family, y[i], eta[i], shape);
    }
    return sum;
  }

  private static double squares(double[] eta, float[] y) {
    double sum = 0;
    for (int i = 0; i < eta.length; i++) {
      sum += (eta[i] - y[i]) * (eta[i] - y[i]);
    }
    return sum;
  }

  private static double squaresOfLogistic(double[] eta, int label) {
    double sum = 0;
    for (int c = 0; c < eta.length; c++) {
      double error = 1 / (1 + Math.exp(-eta[c])) - (c == label ? 1 : 0);
      sum += error * error;
    }
    return sum;
  }

  private static double crossEntropy(double[] eta, int label) {
    double sum = 0;
    for (double e : eta) {
      sum += Math.exp(e);
    }
    return Math.log(sum) - eta[label];
  }
}
