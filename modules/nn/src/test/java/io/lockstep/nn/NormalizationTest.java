package io.lockstep.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.kernels.Activation;
import io.lockstep.nn.ParameterLayout.Range;
import io.lockstep.nn.ParameterLayout.Role;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NormalizationTest {

  private static final long SEED = 3;

  /**
   * By hand, as {@code torch.nn.LayerNorm(3, eps=0.5)} computes it: of (1, 2, 6) mean 3, variance
   * (4 + 1 + 9) / 3 = 14/3, so x̂ = (−2, −1, 3) / √(31/6).
   */
  @Test
  void layerNormalizationIsThatOfTorch() {
    Network network = Network.builder(3).layerNorm(0.5).output(new SquaredError(), 1);
    float[] theta = network.initialWeights(SEED);
    set(network, theta, "layerNorm1.gain", 1, 2, 3);
    set(network, theta, "layerNorm1.bias", 0, 10, -1);

    float[] y = outputs(network, theta, new float[][] {{1, 2, 6}});

    double root = Math.sqrt(31.0 / 6);
    assertThat(y[0]).isCloseTo((float) (-2 / root), within(1e-6f));
    assertThat(y[1]).isCloseTo((float) (10 - 2 / root), within(1e-5f));
    assertThat(y[2]).isCloseTo((float) (9 / root - 1), within(1e-5f));
  }

  /** By running mean and variance: (x − 2) / √(3.5 + 0.5) · gain + bias. */
  @Test
  void batchNormalizationEvaluatesByRunningStatistics() {
    Network network = Network.builder(1).batchNorm(0.9, 0.5).output(new SquaredError(), 1);
    float[] theta = network.initialWeights(SEED);
    set(network, theta, "batchNorm1.gain", 3);
    set(network, theta, "batchNorm1.bias", 1);
    set(network, theta, "batchNorm1.running_mean", 2);
    set(network, theta, "batchNorm1.running_var", 3.5f);

    assertThat(outputs(network, theta, new float[][] {{4}, {-2}})).containsExactly(4, -5);
  }

  /**
   * {@code torch.nn.BatchNorm1d(1, momentum=0.25)} in training, running statistics (1, 2): leaf (1,
   * 2, 6) has mean 3 and unbiased variance 7, so they become 0.75 · 1 + 0.25 · 3 and 0.75 · 2 +
   * 0.25 · 7: a gradient of 3 rows times (−0.5, −1.25).
   */
  @Test
  void runningStatisticsGoToThoseOfTheLeaves() {
    Network network = Network.builder(1).batchNorm(0.75, 1e-5).output(new SquaredError(), 1);
    float[] theta = network.initialWeights(SEED);
    set(network, theta, "batchNorm1.running_mean", 1);
    set(network, theta, "batchNorm1.running_var", 2);

    float[] gradient = gradient(network, theta, new float[][] {{1}, {2}, {6}}, 3, null);
    assertThat(of(network, gradient, "batchNorm1.running_mean")).containsExactly(3 * -0.5f);
    assertThat(of(network, gradient, "batchNorm1.running_var")).containsExactly(3 * -1.25f);

    // A second leaf, of one row: mean 9, no variance. 3 · (1 − 3) + 1 · (1 − 9), a quarter of it.
    gradient = gradient(network, theta, new float[][] {{1}, {2}, {6}, {9}}, 3, null);
    assertThat(of(network, gradient, "batchNorm1.running_mean")).containsExactly(-3.5f);
    assertThat(of(network, gradient, "batchNorm1.running_var")).containsExactly(3 * -1.25f);

    // Case weights are the leaves': 6 · (1 − 3) + 0.5 · (1 − 9), a quarter of it.
    float[] weights = {1, 4, 1, 0.5f};
    gradient = gradient(network, theta, new float[][] {{1}, {2}, {6}, {9}}, 3, weights);
    assertThat(of(network, gradient, "batchNorm1.running_mean")).containsExactly(-4);
    assertThat(of(network, gradient, "batchNorm1.running_var")).containsExactly(6 * -1.25f);
  }

  @Test
  void statisticsAreNoTrainedParameters() {
    Network network =
        Network.builder(4).dense(5, Activation.RELU).batchNorm(0.9, 1e-5).output(new Poisson(), 1);

    assertThat(network.parameters().ranges())
        .filteredOn(range -> range.role() == Role.STATISTIC)
        .extracting(Range::name)
        .containsExactly("batchNorm1.running_mean", "batchNorm1.running_var");
    assertThat(network.parameters().trainedCount()).isEqualTo(25 + 10 + 6);
    assertThat(network.parameters().canonicalLength()).isEqualTo(25 + 20 + 6);
    assertThat(network.summary().get(1).parameters()).isEqualTo(10);
    float[] theta = network.initialWeights(SEED);
    assertThat(of(network, theta, "batchNorm1.running_mean")).containsOnly(0);
    assertThat(of(network, theta, "batchNorm1.running_var")).containsOnly(1);
    assertThat(network).hasToString("4-5-1 relu, batchNorm, poisson");
  }

  /** Several leaves through the network at once, and one by one, added in the tree. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void leavesAtOnceHaveTheBitsOfLeavesOneByOneAdded(int leaves) {
    Network network =
        Network.builder(6)
            .batchNorm(0.9, 1e-5)
            .dense(18, Activation.RELU)
            .residual(f -> f.layerNorm(1e-5).dense(18, Activation.TANH).batchNorm(0.9, 1e-5))
            .output(new Categorical(), 3);
    Samples samples = Samples.random(SEED, 4 * leaves - 1, network);
    float[] theta = network.initialWeights(SEED);

    float[] atOnce = gradient(network, theta, samples, 0, samples.rows());

    float[][] each = new float[leaves][];
    for (int leaf = 0; leaf < leaves; leaf++) {
      int end = Math.min(4 * leaf + 4, samples.rows());
      each[leaf] = gradient(network, theta, samples, 4 * leaf, end);
    }
    for (int apart = 1; apart < leaves; apart *= 2) {
      for (int leaf = 0; leaf + apart < leaves; leaf += 2 * apart) {
        for (int i = 0; i < theta.length; i++) {
          each[leaf][i] += each[leaf + apart][i];
        }
      }
    }
    assertThat(atOnce).isEqualTo(each[0]);
  }

  @Test
  void refusesWhatIsOutOfRange() {
    Network.Builder builder = Network.builder(3);
    assertThatThrownBy(() -> builder.layerNorm(0))
        .hasMessage("layerNorm1: expected a finite epsilon above 0 but found 0.0");
    assertThatThrownBy(() -> builder.batchNorm(1, 1e-5))
        .hasMessage("batchNorm1: expected a momentum in [0, 1) but found 1.0");
    assertThatThrownBy(() -> builder.residual(f -> {}))
        .hasMessage("residual1: expected at least 1 layer in it but found 0");
    assertThatThrownBy(() -> builder.residual(f -> f.dense(4, Activation.RELU)))
        .hasMessage("residual1: expected 3 columns after its layers, as before but found 4");
  }

  private static void set(Network network, float[] packed, String name, float... values) {
    System.arraycopy(values, 0, packed, network.parameters().range(name).packedAt(), values.length);
  }

  private static float[] of(Network network, float[] packed, String name) {
    Range range = network.parameters().range(name);
    float[] canonical = network.parameters().toCanonical(packed);
    return Arrays.copyOfRange(
        canonical, range.canonicalAt(), range.canonicalAt() + range.canonicalLength());
  }

  /** What the first layer makes of rows outside of training. */
  private static float[] outputs(Network network, float[] theta, float[][] x) {
    Pass pass = new Pass(network, KernelSets.scalar(), x.length);
    new Samples(x, new int[x.length], new float[x.length][1]).fill(pass, 0, x.length);
    pass.predict(theta, x.length, new float[x.length], 0);
    float[] y = new float[x.length * network.layers().getFirst().width()];
    pass.output(0, y);
    return y;
  }

  private static float[] gradient(
      Network network, float[] theta, float[][] x, int leafRows, float[] weights) {
    Pass pass = new Pass(network, KernelSets.scalar(), x.length);
    new Samples(x, new int[x.length], new float[x.length][1]).fill(pass, 0, x.length);
    if (weights != null) {
      pass.useWeights(true);
      System.arraycopy(weights, 0, pass.weights(), 0, weights.length);
    }
    float[] gradient = new float[theta.length];
    pass.train(theta, x.length, leafRows, 0, 0, SEED, gradient, new Sums(), PassListener.NONE);
    return gradient;
  }

  private static float[] gradient(
      Network network, float[] theta, Samples samples, int from, int to) {
    Pass pass = new Pass(network, KernelSets.all().getLast(), samples.rows());
    samples.fill(pass, from, to);
    float[] gradient = new float[theta.length];
    pass.train(theta, to - from, 4, from, 0, SEED, gradient, new Sums(), PassListener.NONE);
    return gradient;
  }
}
