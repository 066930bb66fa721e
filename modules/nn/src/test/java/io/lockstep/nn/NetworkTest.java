package io.lockstep.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.kernels.Activation;
import io.lockstep.nn.Network.LayerSummary;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {

  @Test
  void builderNamesAndConnectsLayers() {
    Network network =
        Network.builder(784)
            .dense(256, Activation.RELU)
            .dropout(0.4)
            .dense(128, Activation.TANH, Initializer.LECUN_NORMAL)
            .dropout(0.3)
            .output(new Categorical(), 10);
    assertThat(network.layers())
        .containsExactly(
            new Layer.Dense("dense1", 784, 256, Activation.RELU, Initializer.HE_UNIFORM),
            new Layer.Dropout("dropout1", 256, 0.4),
            new Layer.Dense("dense2", 256, 128, Activation.TANH, Initializer.LECUN_NORMAL),
            new Layer.Dropout("dropout2", 128, 0.3),
            new Layer.Dense("output", 128, 10, Activation.IDENTITY, Initializer.GLOROT_UNIFORM));
    assertThat(network.inputWidth()).isEqualTo(784);
    assertThat(network.outputs()).isEqualTo(10);
    assertThat(network.family()).isEqualTo(new Categorical());
  }

  @Test
  void isLinearWithoutHiddenLayersButDropout() {
    assertThat(Network.builder(3).dropout(0.4).output(Gamma.learned(), 1).isLinear()).isTrue();
    assertThat(Network.builder(3).dense(2, Activation.TANH).output(new Poisson(), 1).isLinear())
        .isFalse();
  }

  @Test
  void summaryCountsParameters() {
    Network network =
        Network.builder(784)
            .dense(128, Activation.RELU)
            .dropout(0.25)
            .output(new Categorical(), 10);
    assertThat(network.summary())
        .isEqualTo(
            List.of(
                new LayerSummary("dense1", "dense", "relu, he_uniform", 128, 100_480),
                new LayerSummary("dropout1", "dropout", "rate 0.25", 128, 0),
                new LayerSummary("output", "dense", "identity, glorot_uniform", 10, 1_290)));
  }

  @Test
  void aNetworkMayHaveNoHiddenLayer() {
    Network network = Network.builder(2).output(new SquaredError(), 1);
    assertThat(network.layers()).hasSize(1);
    assertThat(network.parameters().canonicalLength()).isEqualTo(3);
  }

  @Test
  void refusesSizesBelowOne() {
    assertThatThrownBy(() -> Network.builder(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("network input: expected at least 1 column but found 0");
    Network.Builder builder = Network.builder(4).dense(3, Activation.RELU);
    assertThatThrownBy(() -> builder.dense(-2, Activation.RELU))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("dense2: expected at least 1 unit but found -2");
    assertThatThrownBy(() -> builder.output(new SquaredError(), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("network output: expected at least 1 column but found 0");
    assertThatThrownBy(() -> builder.output(new Categorical(), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("network output: expected at least 2 classes but found 1");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, 1.5, Double.NaN, 0.999999999999})
  void refusesRatesOutsideZeroToOne(double rate) {
    assertThatThrownBy(() -> Network.builder(4).dropout(rate))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("dropout1: expected a rate in [0, 1) but found " + rate);
  }
}
