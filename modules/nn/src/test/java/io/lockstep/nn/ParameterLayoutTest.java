package io.lockstep.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.kernels.Activation;
import io.lockstep.nn.ParameterLayout.Range;
import io.lockstep.nn.ParameterLayout.Role;
import org.junit.jupiter.api.Test;

class ParameterLayoutTest {

  private final Network network =
      Network.builder(3).dense(17, Activation.RELU).dropout(0.1).output(new Categorical(), 2);
  private final ParameterLayout layout = network.parameters();

  @Test
  void rangesFollowTheOrderOfTheta() {
    assertThat(layout.ranges())
        .containsExactly(
            new Range("dense1.W", 0, Role.WEIGHT, 3, 17, 0, 96, 0),
            new Range("dense1.b", 0, Role.BIAS, 1, 17, 96, 32, 51),
            new Range("output.W", 2, Role.WEIGHT, 17, 2, 128, 272, 68),
            new Range("output.b", 2, Role.BIAS, 1, 2, 400, 16, 102));
    assertThat(layout.packedLength()).isEqualTo(416);
    assertThat(layout.canonicalLength()).isEqualTo(104);
  }

  @Test
  void canonicalAndPackedFormsRoundTrip() {
    float[] canonical = new float[104];
    for (int i = 0; i < canonical.length; i++) {
      canonical[i] = i + 1;
    }
    float[] packed = layout.toPacked(canonical);
    assertThat(layout.toCanonical(packed)).isEqualTo(canonical);
    // dense1.W element (2, 16) is canonical 2 · 17 + 16, in the second panel of three rows.
    assertThat(packed[(3 + 2) * 16]).isEqualTo(canonical[2 * 17 + 16]);
    int zeros = 0;
    for (float w : packed) {
      zeros += w == 0 ? 1 : 0;
    }
    assertThat(zeros).isEqualTo(416 - 104);
  }

  @Test
  void findsRangesByName() {
    assertThat(layout.range("output.b").packedAt()).isEqualTo(400);
    assertThatThrownBy(() -> layout.range("dense2.W"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "parameters: expected one of [dense1.W, dense1.b, output.W, output.b] but found"
                + " dense2.W");
  }

  @Test
  void refusesArraysOfOtherLength() {
    assertThatThrownBy(() -> layout.toPacked(new float[103]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("canonical parameters: expected 104 floats but found 103");
    assertThatThrownBy(() -> layout.toCanonical(new float[104]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("packed parameters: expected 416 floats but found 104");
  }

  @Test
  void paddingStaysZeroInTraining() {
    Samples samples = Samples.random(1, 8, network);
    Pass pass = new Pass(network, KernelSets.scalar(), 8);
    float[] theta = network.initialWeights(1);
    float[] gradient = new float[theta.length];
    for (int step = 0; step < 10; step++) {
      samples.fill(pass, 0, 8);
      pass.train(theta, 8, 3, 0, step, 1, gradient, new Sums(), PassListener.NONE);
      for (int i = 0; i < theta.length; i++) {
        theta[i] -= 0.1f * gradient[i];
      }
    }
    assertThat(layout.toPacked(layout.toCanonical(theta))).isEqualTo(theta);
    assertThat(theta).isNotEqualTo(network.initialWeights(1));
  }

  @Test
  void refusesMoreParametersThanOneArrayHolds() {
    assertThatThrownBy(
            () -> Network.builder(100_000).dense(50_000, Activation.RELU).output(new Gaussian(), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "dense1.W: expected at most 2147483647 parameters (padding included) up to the end of"
                + " this range but found 5000000000");
  }
}
