package io.lockstep.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.kernels.Activation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class InitializerTest {

  private static final int IN = 300;
  private static final int OUT = 100;

  @ParameterizedTest
  @CsvSource({
    "GLOROT_UNIFORM, 0.005",
    "GLOROT_NORMAL, 0.005",
    "HE_UNIFORM, 0.00666667",
    "HE_NORMAL, 0.00666667",
    "LECUN_UNIFORM, 0.00333333",
    "LECUN_NORMAL, 0.00333333"
  })
  void weightsHaveTheStatedVariance(Initializer initializer, double variance) {
    float[] weights = weights(initializer, 1);
    double sum = 0;
    double squares = 0;
    double fourth = 0;
    double largest = 0;
    for (float w : weights) {
      sum += w;
      squares += (double) w * w;
      fourth += Math.pow(w, 4);
      largest = Math.max(largest, Math.abs(w));
    }
    int n = weights.length;
    assertThat(sum / n).isCloseTo(0, within(4 * Math.sqrt(variance / n)));
    assertThat(squares / n / variance).isCloseTo(1, within(0.03));
    boolean normal = initializer.name().endsWith("NORMAL");
    double kurtosis = fourth / n / (variance * variance);
    assertThat(kurtosis).isCloseTo(normal ? 3 : 1.8, within(0.15));
    double range = Math.sqrt(variance) * (normal ? 5.5 : Math.sqrt(3) + 1e-6);
    assertThat(largest).isLessThan(range).isGreaterThan(0.7 * range);
  }

  @ParameterizedTest
  @EnumSource(Initializer.class)
  void weightsAreAFunctionOfTheSeed(Initializer initializer) {
    assertThat(weights(initializer, 1)).isEqualTo(weights(initializer, 1));
    assertThat(weights(initializer, 1)).isNotEqualTo(weights(initializer, 2));
  }

  @Test
  void biasesStartAtZeroAndLayersDiffer() {
    Network network =
        Network.builder(8)
            .dense(8, Activation.TANH)
            .dense(8, Activation.TANH)
            .output(new Gaussian(), 8);
    float[] canonical = network.parameters().toCanonical(network.initialWeights(3));
    for (int layer = 0; layer < 3; layer++) {
      int at = layer * 72;
      assertThat(Arrays.copyOfRange(canonical, at + 64, at + 72)).containsOnly(0f);
      assertThat(canonical[at]).isNotZero().isNotEqualTo(canonical[(at + 72) % 216]);
    }
  }

  /** Frozen: a change of these bits changes the result of every run. */
  @Test
  void firstWeightsKeepTheirBits() throws Exception {
    Network network =
        Network.builder(20)
            .dense(19, Activation.RELU, Initializer.HE_NORMAL)
            .dense(17, Activation.TANH, Initializer.LECUN_UNIFORM)
            .output(new Categorical(), 10);
    float[] canonical = network.parameters().toCanonical(network.initialWeights(42));
    ByteBuffer bytes = ByteBuffer.allocate(4 * canonical.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(canonical);
    String sha256 =
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    assertThat(sha256)
        .isEqualTo("8d47e5af1272a056e79cc15f0c79dd2103b76a891cd50acadcebf57ba43dd439");
  }

  @Test
  void partsAreThoseOfTheWhole() {
    Network network =
        Network.builder(20)
            .dense(19, Activation.RELU, Initializer.HE_NORMAL)
            .layerNorm(1e-5)
            .dense(37, Activation.TANH, Initializer.LECUN_UNIFORM)
            .output(new Categorical(), 10);
    float[] whole = network.initialWeights(42);
    float[] parts = new float[whole.length + 3];
    for (int from = 0; from < whole.length; from += 112) {
      network.initialWeights(42, from, Math.min(from + 112, whole.length), parts, 3 + from);
    }
    assertThat(Arrays.copyOfRange(parts, 3, parts.length)).isEqualTo(whole);
    assertThat(Arrays.copyOf(parts, 3)).containsOnly(0f);
  }

  @Test
  void refusesAPartThatCutsARow() {
    Network network = Network.builder(20).output(new Categorical(), 10);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> network.initialWeights(1, 16, 40, new float[24], 0))
        .withMessage("weights: expected a range cut on 16 floats but found [16, 40)");
  }

  private static float[] weights(Initializer initializer, long seed) {
    Network network = Network.builder(IN).output(new Gaussian(), OUT, initializer);
    float[] canonical = network.parameters().toCanonical(network.initialWeights(seed));
    return Arrays.copyOf(canonical, IN * OUT);
  }
}
