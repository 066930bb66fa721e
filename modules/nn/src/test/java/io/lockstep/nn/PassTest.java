package io.lockstep.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.kernels.Activation;
import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Panels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PassTest {

  private static final int LEAF_ROWS = 5;
  private static final long SEED = 42;
  private static final long STEP = 17;
  private static final int FIRST_ROW = 1000;

  private record Result(float[] gradient, Sums sums) {}

  @Test
  void nodeHasTheBitsOfTheTreeSumOfItsLeaves() {
    for (Network network : networks()) {
      for (int leaves = 1; leaves <= 7; leaves++) {
        for (int shortBy = 0; shortBy < LEAF_ROWS; shortBy += 2) {
          nodeHasTheBitsOfTheTreeSum(network, leaves, leaves * LEAF_ROWS - shortBy);
        }
      }
    }
  }

  private void nodeHasTheBitsOfTheTreeSum(Network network, int leaves, int rows) {
    Samples samples = Samples.random(leaves, rows, network);
    float[] theta = network.initialWeights(SEED);
    Result expected = null;
    for (Kernels kernels : KernelSets.all()) {
      Pass pass = new Pass(network, kernels, rows + 3);
      Result node = train(pass, network, theta, samples, 0, rows);
      expected = expected == null ? tree(pass, network, theta, samples, 0, leaves) : expected;
      assertThat(node.gradient()).isEqualTo(expected.gradient());
      assertThat(node.sums()).usingRecursiveComparison().isEqualTo(expected.sums());
    }
  }

  /** Leaves [from, to), each by its own call, added in the tree of the architecture. */
  private Result tree(
      Pass pass, Network network, float[] theta, Samples samples, int from, int to) {
    if (to - from == 1) {
      int end = Math.min(to * LEAF_ROWS, samples.rows());
      return train(pass, network, theta, samples, from * LEAF_ROWS, end);
    }
    int half = Integer.highestOneBit(to - from - 1);
    Result left = tree(pass, network, theta, samples, from, from + half);
    Result right = tree(pass, network, theta, samples, from + half, to);
    for (int i = 0; i < left.gradient().length; i++) {
      left.gradient()[i] += right.gradient()[i];
    }
    left.sums().add(right.sums());
    return left;
  }

  private Result train(
      Pass pass, Network network, float[] theta, Samples samples, int from, int to) {
    samples.fill(pass, from, to);
    float[] gradient = new float[network.parameters().packedLength()];
    Arrays.fill(gradient, Float.NaN);
    Sums sums = new Sums();
    pass.train(
        theta,
        to - from,
        LEAF_ROWS,
        FIRST_ROW + from,
        STEP,
        SEED,
        gradient,
        sums,
        PassListener.NONE);
    return new Result(gradient, sums);
  }

  private static List<Network> networks() {
    return List.of(
        Network.builder(13)
            .dense(37, Activation.RELU)
            .dropout(0.4)
            .dense(20, Activation.SOFTPLUS)
            .dropout(0.3)
            .output(new Categorical(), 10),
        Network.builder(30).dropout(0.2).dense(16, Activation.SIGMOID).output(new Gaussian(), 3));
  }

  @Test
  void dropoutDependsOnSeedStepAndPosition() {
    Network network = networks().getFirst();
    Samples samples = Samples.random(1, LEAF_ROWS, network);
    Pass pass = new Pass(network, KernelSets.scalar(), LEAF_ROWS);
    float[] theta = network.initialWeights(SEED);
    List<float[]> gradients = new ArrayList<>();
    for (long[] key : new long[][] {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}}) {
      samples.fill(pass, 0, LEAF_ROWS);
      float[] gradient = new float[theta.length];
      pass.train(
          theta,
          LEAF_ROWS,
          LEAF_ROWS,
          (int) key[0],
          key[1],
          key[2],
          gradient,
          new Sums(),
          PassListener.NONE);
      assertThat(gradients).noneMatch(other -> Arrays.equals(other, gradient));
      gradients.add(gradient);
    }
  }

  @Test
  void gradientsAreFinalWhenHandedOnAndGoDownToZero() {
    Network network =
        Network.builder(1100)
            .dense(300, Activation.RELU)
            .dropout(0.5)
            .dense(7, Activation.GELU)
            .output(new Categorical(), 3);
    Samples samples = Samples.random(1, 6, network);
    float[] theta = network.initialWeights(SEED);
    float[] gradient = new float[theta.length];
    Pass pass = new Pass(network, KernelSets.scalar(), 6);
    int[] handedOn = new int[theta.length];
    List<Integer> begins = new ArrayList<>();
    float[] copy = new float[theta.length];
    List<String> order = new ArrayList<>();
    PassListener listener =
        new PassListener() {
          @Override
          public void sumsReady(Sums node) {
            assertThat(node.weight).isEqualTo(6);
            order.add("sums");
          }

          @Override
          public void lossDone() {
            order.add("loss");
          }

          @Override
          public void gradientReady(int from, int to) {
            System.arraycopy(gradient, from, copy, from, to - from);
            // What is handed on may be updated at once.
            Arrays.fill(theta, from, to, Float.NaN);
            for (int position = from; position < to; position++) {
              handedOn[position]++;
            }
            begins.add(from);
            order.add("gradient");
          }
        };
    float[] expected = train(pass, network, theta.clone(), samples, 0, 6).gradient();
    samples.fill(pass, 0, 6);
    pass.train(theta, 6, LEAF_ROWS, FIRST_ROW, STEP, SEED, gradient, new Sums(), listener);
    assertThat(handedOn).as("each position once").containsOnly(1);
    assertThat(begins.indexOf(0))
        .as("the first layer comes last, its W upwards")
        .isLessThan(begins.size() - 1);
    assertThat(order).startsWith("loss", "sums", "gradient");
    assertThat(copy).isEqualTo(expected);
    assertThat(gradient).isEqualTo(expected);
  }

  @Test
  void readsNoWeightBeforeItWasAwaited() {
    Network network =
        Network.builder(30)
            .dense(300, Activation.TANH)
            .dropout(0.5)
            .dense(150, Activation.ELU)
            .output(new SquaredError(), 20);
    Samples samples = Samples.random(1, 6, network);
    float[] complete = network.initialWeights(SEED);
    Pass pass = new Pass(network, KernelSets.scalar(), 6);
    float[] expected = train(pass, network, complete, samples, 0, 6).gradient();
    float[] theta = new float[complete.length];
    Arrays.fill(theta, Float.NaN);
    boolean[] awaited = new boolean[theta.length];
    PassListener listener =
        new PassListener() {
          @Override
          public void awaitWeights(int from, int to) {
            System.arraycopy(complete, from, theta, from, to - from);
            Arrays.fill(awaited, from, to, true);
          }
        };
    samples.fill(pass, 0, 6);
    float[] gradient = new float[theta.length];
    pass.train(theta, 6, LEAF_ROWS, FIRST_ROW, STEP, SEED, gradient, new Sums(), listener);
    assertThat(gradient).isEqualTo(expected);
    assertThat(awaited).doesNotContain(false);
  }

  @Test
  void paddingOfGradientsIsZero() {
    for (Network network : networks()) {
      Samples samples = Samples.random(1, 9, network);
      float[] theta = network.initialWeights(SEED);
      for (Kernels kernels : KernelSets.all()) {
        Pass pass = new Pass(network, kernels, 9);
        float[] gradient = train(pass, network, theta, samples, 0, 9).gradient();
        ParameterLayout layout = network.parameters();
        assertThat(layout.toPacked(layout.toCanonical(gradient))).isEqualTo(gradient);
      }
    }
  }

  @Test
  void evaluatesWithoutDropout() {
    for (Network network : networks()) {
      Samples samples = Samples.random(3, 12, network);
      float[] theta = network.initialWeights(SEED);
      double[] canonical = doubles(network.parameters().toCanonical(theta));
      DoubleNetwork reference = new DoubleNetwork(network, false, 0, 0);
      for (Kernels kernels : KernelSets.all()) {
        Pass pass = new Pass(network, kernels, 20);
        samples.fill(pass, 0, 12);
        Sums sums = new Sums();
        pass.evaluate(theta, 12, 7, sums);
        assertThat(sums.weight).isEqualTo(12);
        assertThat(sums.loss).isCloseTo(reference.loss(canonical, samples, 0), within(1e-4));
        assertThat(sums.correct).isEqualTo(correct(network, reference, canonical, samples));
        assertThat(sums.nonFiniteLayer).isEqualTo(Sums.NONE);
      }
    }
  }

  private static int correct(
      Network network, DoubleNetwork reference, double[] theta, Samples samples) {
    int correct = 0;
    for (int row = 0; row < samples.rows() && network.family().classification(); row++) {
      double[] eta = reference.eta(theta, samples.x()[row], 0);
      double largest = Arrays.stream(eta).max().orElseThrow();
      correct += eta[samples.labels()[row]] == largest ? 1 : 0;
    }
    return correct;
  }

  @Test
  void predictsProbabilitiesRowMajor() {
    Network network = networks().getFirst();
    Samples samples = Samples.random(3, 4, network);
    float[] theta = network.initialWeights(SEED);
    double[] canonical = doubles(network.parameters().toCanonical(theta));
    Pass pass = new Pass(network, KernelSets.scalar(), 4);
    samples.fill(pass, 0, 4);
    float[] mean = new float[2 + 4 * 10];
    pass.predict(theta, 4, mean, 2);
    DoubleNetwork reference = new DoubleNetwork(network, false, 0, 0);
    for (int row = 0; row < 4; row++) {
      double[] eta = reference.eta(canonical, samples.x()[row], 0);
      double sum = Arrays.stream(eta).map(Math::exp).sum();
      for (int c = 0; c < 10; c++) {
        double expected = Math.exp(eta[c]) / sum;
        assertThat((double) mean[2 + row * 10 + c]).isCloseTo(expected, within(1e-6));
      }
    }
  }

  @Test
  void predictsValuesOfRegressions() {
    Network network = networks().getLast();
    Samples samples = Samples.random(3, 4, network);
    float[] theta = network.initialWeights(SEED);
    double[] canonical = doubles(network.parameters().toCanonical(theta));
    Pass pass = new Pass(network, KernelSets.scalar(), 4);
    samples.fill(pass, 0, 4);
    float[] mean = new float[4 * 3];
    pass.predict(theta, 4, mean, 0);
    double[] eta = new DoubleNetwork(network, false, 0, 0).eta(canonical, samples.x()[3], 0);
    assertThat((double) mean[3 * 3 + 2]).isCloseTo(eta[2], within(1e-6));
  }

  @Test
  void namesTheFirstNonFiniteLayer() {
    Network network =
        Network.builder(4)
            .dense(5, Activation.IDENTITY)
            .dropout(0.1)
            .dense(3, Activation.IDENTITY)
            .output(new SquaredError(), 2);
    assertThat(nonFiniteLayer(network, "dense1.W", Float.NaN)).isEqualTo(0);
    assertThat(nonFiniteLayer(network, "dense2.W", Float.POSITIVE_INFINITY)).isEqualTo(2);
    assertThat(nonFiniteLayer(network, "output.b", Float.NaN)).isEqualTo(3);
    assertThat(nonFiniteLayer(network, "output.b", 1e30f)).as("the square overflows").isEqualTo(3);
    assertThat(nonFiniteLayer(network, "output.b", 1f)).isEqualTo(Sums.NONE);
  }

  private static int nonFiniteLayer(Network network, String range, float value) {
    Samples samples = Samples.random(1, 6, network);
    Pass pass = new Pass(network, KernelSets.scalar(), 6);
    samples.fill(pass, 0, 6);
    float[] theta = network.initialWeights(SEED);
    theta[network.parameters().range(range).packedAt()] = value;
    Sums sums = new Sums();
    pass.train(theta, 6, 2, 0, STEP, SEED, new float[theta.length], sums, PassListener.NONE);
    return sums.nonFiniteLayer;
  }

  @Test
  void namesTheNonFiniteLayerOfAnyLeaf() {
    Network network = Network.builder(4).dense(5, Activation.TANH).output(new Gaussian(), 2);
    Samples samples = Samples.random(1, 6, network);
    samples.x()[5][0] = Float.NaN;
    Pass pass = new Pass(network, KernelSets.scalar(), 6);
    samples.fill(pass, 0, 6);
    Sums sums = new Sums();
    pass.evaluate(network.initialWeights(SEED), 6, 2, sums);
    assertThat(sums.nonFiniteLayer).isEqualTo(0);
    assertThat(sums.loss).isNaN();
    samples.fill(pass, 0, 4);
    pass.evaluate(network.initialWeights(SEED), 4, 2, sums);
    assertThat(sums.nonFiniteLayer).isEqualTo(Sums.NONE);
  }

  @Test
  void refusesRowsThatDoNotFit() {
    Network network = networks().getFirst();
    Kernels kernels = KernelSets.scalar();
    Pass pass = new Pass(network, kernels, 4);
    float[] theta = network.initialWeights(SEED);
    assertThatThrownBy(() -> pass.evaluate(theta, 5, 1, new Sums()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pass: expected 1 to 4 rows but found 5");
    assertThatThrownBy(() -> pass.predict(theta, 0, new float[10], 0))
        .hasMessage("pass: expected 1 to 4 rows but found 0");
    assertThatThrownBy(() -> pass.evaluate(theta, 4, 0, new Sums()))
        .hasMessage("pass: expected at least 1 row per leaf but found 0");
    assertThatThrownBy(() -> new Pass(network, kernels, 0))
        .hasMessage("pass: expected at least 1 row but found 0");
    assertThatThrownBy(() -> new Pass(network, kernels, 100_000_000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "pass: expected at most \\d+ rows at once for this network but found" + " 100000000");
  }

  @Test
  void memoryIsWhatTheSummarySays() {
    Network network = networks().getFirst();
    Pass pass = new Pass(network, KernelSets.scalar(), 100);
    long arena = (long) Float.BYTES * pass.input().length;
    assertThat(network.passBytes(100)).isBetween(arena, 2 * arena);
    assertThat(network.bytesPerRow()).isBetween(arena / 100, 2 * arena / 100);
    assertThat(Panels.size(100, 13)).isLessThan(pass.input().length);
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
