package io.lockstep.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.kernels.Activation;
import io.lockstep.kernels.Kernels;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a pass makes of families, offsets and case weights. */
class FamilyPassTest {

  private static final int ROWS = 7;

  private static final Network COUNTS =
      Network.builder(3).dense(5, Activation.TANH).output(NegativeBinomial.learned(), 2);

  private final Sums sums = new Sums();

  private static Pass pass(Network network, Samples samples, Kernels kernels) {
    Pass pass = new Pass(network, kernels, samples.rows());
    samples.fill(pass, 0, samples.rows());
    return pass;
  }

  @Test
  void aLearnedSizeIsTheLastParameterAndNoOutput() {
    assertThat(COUNTS.outputs()).isEqualTo(2);
    assertThat(COUNTS.parameters().ranges().getLast().name()).isEqualTo("shape1.logSize");
    assertThat(COUNTS.toString()).isEqualTo("3-5-2 tanh, negative-binomial (size learned)");
    float[] theta = COUNTS.parameters().toCanonical(COUNTS.initialWeights(1));
    assertThat(theta[theta.length - 1]).isZero();
  }

  @Test
  void allKernelsGiveTheSameBits() {
    Samples samples = Samples.random(5, ROWS, COUNTS);
    float[] theta = COUNTS.initialWeights(2);
    float[] first = null;
    for (Kernels kernels : KernelSets.all()) {
      float[] gradient = new float[theta.length];
      pass(COUNTS, samples, kernels)
          .train(theta, ROWS, 2, 0, 0, 0, gradient, sums, PassListener.NONE);
      first = first == null ? gradient : first;
      assertThat(gradient).isEqualTo(first);
    }
  }

  @Test
  void evaluationSumsTheDevianceAndTrainingDoesNot() {
    Network network = Network.builder(3).output(new Poisson(), 2);
    Samples samples = Samples.random(5, ROWS, network);
    float[] theta = network.initialWeights(2);
    Pass pass = pass(network, samples, KernelSets.scalar());
    pass.evaluate(theta, ROWS, 3, sums);
    float[] eta = pass.eta();
    double expected = 0;
    for (int i = 0; i < eta.length; i++) {
      expected += new Poisson().deviance(samples.y()[i / 2][i % 2], eta[i], 1);
    }
    assertThat(sums.deviance).isCloseTo(expected, within(1e-12 * expected));
    pass.train(theta, ROWS, 3, 0, 0, 0, new float[theta.length], sums, PassListener.NONE);
    assertThat(sums.deviance).isZero();
  }

  @Test
  void predictionsAreMeans() {
    Samples samples = Samples.random(5, ROWS, COUNTS);
    float[] theta = COUNTS.initialWeights(2);
    Pass pass = pass(COUNTS, samples, KernelSets.scalar());
    pass.evaluate(theta, ROWS, 3, sums);
    float[] eta = pass.eta();
    float[] means = new float[2 * ROWS];
    pass.predict(theta, ROWS, means, 0);
    for (int i = 0; i < means.length; i++) {
      assertThat(means[i]).isEqualTo((float) Math.exp(eta[i]), within(1e-6f * means[i]));
    }
  }

  @Test
  void aBernoulliPredictionIsRightOnTheSideOfOneHalf() {
    Network network = Network.builder(1).output(new Bernoulli(), 1);
    Samples samples =
        new Samples(
            new float[][] {{-1}, {2}, {0.5f}, {-3}},
            new int[4],
            new float[][] {{0}, {1}, {0}, {1}});
    float[] theta = network.parameters().toPacked(new float[] {1, 0});
    pass(network, samples, KernelSets.scalar()).evaluate(theta, 4, 4, sums);
    assertThat(sums.correct).isEqualTo(2);
  }

  @Test
  void anOffsetIsAddedToThePredictor() {
    Network network = Network.builder(2).output(new Poisson(), 1);
    Samples samples = Samples.random(3, ROWS, network);
    Pass pass = pass(network, samples, KernelSets.scalar());
    float[] theta = network.parameters().toPacked(new float[] {0, 0, 0.25f});
    float[] means = new float[ROWS];
    Arrays.fill(pass.offsets(), (float) Math.log(3));
    pass.predict(theta, ROWS, means, 0);
    assertThat(means[4]).isEqualTo((float) Math.exp(0.25), within(1e-6f));
    pass.useOffsets(true);
    pass.predict(theta, ROWS, means, 0);
    assertThat(means[4]).isEqualTo((float) (3 * Math.exp(0.25)), within(1e-6f));
  }

  /** A row of weight 2 is that row twice. */
  @Test
  void aWeightIsTheNumberOfTimesThatARowIsThere() {
    Samples once = Samples.random(3, 2, COUNTS);
    Samples twice =
        new Samples(
            new float[][] {once.x()[0], once.x()[1], once.x()[1]},
            new int[3],
            new float[][] {once.y()[0], once.y()[1], once.y()[1]});
    float[] theta = COUNTS.initialWeights(4);
    Pass weighted = pass(COUNTS, once, KernelSets.scalar());
    weighted.useWeights(true);
    weighted.weights()[0] = 1;
    weighted.weights()[1] = 2;
    float[] gradient = new float[theta.length];
    weighted.train(theta, 2, 2, 0, 0, 0, gradient, sums, PassListener.NONE);
    Sums expected = new Sums();
    float[] expectedGradient = new float[theta.length];
    pass(COUNTS, twice, KernelSets.scalar())
        .train(theta, 3, 3, 0, 0, 0, expectedGradient, expected, PassListener.NONE);
    assertThat(sums.weight).isEqualTo(3);
    assertThat(sums.loss).isCloseTo(expected.loss, within(1e-12 * expected.loss));
    for (int i = 0; i < theta.length; i++) {
      assertThat(gradient[i]).isEqualTo(expectedGradient[i], within(1e-5f));
    }
  }
}
