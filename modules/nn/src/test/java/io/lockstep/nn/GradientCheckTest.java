package io.lockstep.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.kernels.Activation;
import io.lockstep.kernels.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The float32 gradients against central differences of {@link DoubleNetwork}. */
class GradientCheckTest {

  private static final double STEP = 1e-5;

  /** Errors are relative to the largest gradient of the same range. */
  private static final double TOLERANCE = 2e-5;

  @ParameterizedTest
  @EnumSource(Activation.class)
  void gradientsOfDenseLayersMatchCentralDifferences(Activation activation) {
    for (long seed = 1; seed <= 3; seed++) {
      for (OutputFamily family : families()) {
        Network network =
            Network.builder(5)
                .dense(17, activation)
                .dense(3, activation, Initializer.LECUN_NORMAL)
                .output(family, 4);
        check(network, seed, 7, 3);
      }
    }
  }

  @Test
  void gradientsOfDropoutMatchCentralDifferences() {
    for (long seed = 1; seed <= 3; seed++) {
      Network network =
          Network.builder(19)
              .dropout(0.2)
              .dense(33, Activation.TANH)
              .dropout(0.4)
              .dense(18, Activation.GELU)
              .dropout(0.3)
              .dropout(0)
              .output(new Categorical(), 3);
      check(network, seed, 11, 4);
    }
  }

  @Test
  void gradientsWithoutHiddenLayerMatchCentralDifferences() {
    for (OutputFamily family : families()) {
      check(Network.builder(1).output(family, 2), 1, 1, 1);
      check(Network.builder(21).output(family, 35), 2, 9, 32);
    }
  }

  /** The shape's column begins a panel of its own. */
  @Test
  void gradientsOfAShapeBesideWholePanelsMatchCentralDifferences() {
    check(Network.builder(4).output(NegativeBinomial.learned(), 16), 3, 9, 2);
  }

  /** Gradients of large layers are computed and handed on in pieces. */
  @Test
  void gradientsOfLayersHandedOnInPiecesMatchCentralDifferences() {
    Network network =
        Network.builder(5000).dense(100, Activation.TANH).output(new SquaredError(), 1);
    check(network, 1, 3, 2);
  }

  /** As the first layer, and between others that pass their gradients through it. */
  @Test
  void gradientsOfCustomLayersMatchCentralDifferences() {
    for (long seed = 1; seed <= 3; seed++) {
      Network network =
          Network.builder(5)
              .custom(new Quadratic(5, 18))
              .dense(17, Activation.TANH)
              .dropout(0.2)
              .custom(new Quadratic(17, 3))
              .output(new Categorical(), 4);
      check(network, seed, 11, 3);
    }
  }

  @Test
  void gradientsOfLayerNormalizationMatchCentralDifferences() {
    for (long seed = 1; seed <= 3; seed++) {
      Network network =
          Network.builder(5)
              .layerNorm(1e-3)
              .dense(19, Activation.TANH)
              .layerNorm(1e-5)
              .dense(16, Activation.GELU)
              .layerNorm(1e-5)
              .output(new Categorical(), 4);
      check(network, seed, 11, 3);
    }
  }

  /** The last leaf has one row: its normalized values are 0. */
  @Test
  void gradientsOfBatchNormalizationMatchCentralDifferences() {
    for (long seed = 1; seed <= 3; seed++) {
      Network network =
          Network.builder(5)
              .batchNorm(0.9, 1e-3)
              .dense(19, Activation.TANH)
              .batchNorm(0.5, 1e-2)
              .dropout(0.2)
              .dense(16, Activation.GELU)
              .output(new Categorical(), 4);
      check(network, seed, 21, 5);
    }
  }

  /** Within one another, side by side, around the input, and around what needs no gradient. */
  @Test
  void gradientsOfResidualConnectionsMatchCentralDifferences() {
    for (long seed = 1; seed <= 3; seed++) {
      Network network =
          Network.builder(17)
              .residual(f -> f.dropout(0.2))
              .residual(f -> f.dense(20, Activation.TANH).dense(17, Activation.TANH))
              .dropout(0.1)
              .residual(
                  f ->
                      f.dropout(0.3)
                          .layerNorm(1e-5)
                          .residual(g -> g.dense(17, Activation.GELU))
                          .residual(g -> g.dropout(0.2)))
              .residual(f -> f.custom(new Quadratic(17, 17)))
              .output(new Categorical(), 4);
      check(network, seed, 11, 3);
    }
  }

  private static List<OutputFamily> families() {
    return List.of(
        new SquaredError(),
        new Gaussian(),
        new Categorical(),
        new OneHotSquaredError(),
        new Bernoulli(),
        new Bernoulli(Bernoulli.Link.PROBIT),
        new Bernoulli(Bernoulli.Link.CLOGLOG),
        new Poisson(),
        new NegativeBinomial(2.5),
        NegativeBinomial.learned(),
        new Gamma(3),
        Gamma.learned(),
        new Exponential());
  }

  private static void check(Network network, long seed, int rows, int leafRows) {
    int firstRow = 64;
    long step = 3;
    Samples samples = Samples.random(seed, rows, network);
    double[] theta = randomWeights(network, seed);
    DoubleNetwork reference = new DoubleNetwork(network, true, step, seed);
    double loss = reference.loss(theta, samples, firstRow, leafRows);
    List<float[]> gradients = new ArrayList<>();
    for (Kernels kernels : KernelSets.all()) {
      Pass pass = new Pass(network, kernels, rows + 2);
      float[] gradient = new float[network.parameters().packedLength()];
      Sums sums = new Sums();
      samples.fill(pass, 0, rows);
      float[] packed = network.parameters().toPacked(toFloats(theta));
      pass.train(packed, rows, leafRows, firstRow, step, seed, gradient, sums, PassListener.NONE);
      assertThat(Math.abs(sums.loss - loss)).isLessThan(1e-5 * Math.max(1, Math.abs(loss)));
      gradients.add(network.parameters().toCanonical(gradient));
    }
    for (ParameterLayout.Range range : network.parameters().ranges()) {
      if (range.role() != ParameterLayout.Role.STATISTIC) {
        compare(range, new Loss(reference, samples, firstRow, leafRows), theta, gradients);
      }
    }
  }

  private record Loss(DoubleNetwork reference, Samples samples, int firstRow, int leafRows) {

    double centralDifference(double[] theta, int at) {
      double before = theta[at];
      theta[at] = before + STEP;
      double above = reference.loss(theta, samples, firstRow, leafRows);
      theta[at] = before - STEP;
      double below = reference.loss(theta, samples, firstRow, leafRows);
      theta[at] = before;
      return (above - below) / (2 * STEP);
    }
  }

  private static void compare(
      ParameterLayout.Range range, Loss loss, double[] theta, List<float[]> gradients) {
    int stride = Math.max(1, range.canonicalLength() / 600);
    double largest = 1e-3;
    double[] errors = new double[gradients.size()];
    for (int i = 0; i < range.canonicalLength(); i += stride) {
      int at = range.canonicalAt() + i;
      double expected = loss.centralDifference(theta, at);
      largest = Math.max(largest, Math.abs(expected));
      for (int k = 0; k < errors.length; k++) {
        errors[k] = Math.max(errors[k], Math.abs(gradients.get(k)[at] - expected));
      }
    }
    for (double error : errors) {
      assertThat(error / largest).as(range.name()).isLessThan(TOLERANCE);
    }
  }

  /** Weights and biases, rounded to float. */
  private static double[] randomWeights(Network network, long seed) {
    float[] weights = network.parameters().toCanonical(network.initialWeights(seed));
    Random random = new Random(seed);
    double[] theta = new double[weights.length];
    for (int i = 0; i < theta.length; i++) {
      theta[i] = weights[i] == 0 ? (float) (0.3 * random.nextGaussian()) : weights[i];
    }
    return theta;
  }

  private static float[] toFloats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
