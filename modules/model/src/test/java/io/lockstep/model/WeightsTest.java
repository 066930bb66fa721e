package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.kernels.Activation;
import io.lockstep.model.SafeTensors.Tensor;
import io.lockstep.nn.Categorical;
import io.lockstep.nn.Network;
import io.lockstep.nn.ParameterLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsTest {

  private static final Network NETWORK =
      Network.builder(5).dense(3, Activation.RELU).dropout(0.5).output(new Categorical(), 2);

  @TempDir Path folder;

  @Test
  void weightsComeBackWithTheirNamesAndShapes() {
    Path file = folder.resolve("weights.safetensors");
    ParameterLayout layout = NETWORK.parameters();
    float[] canonical = layout.toCanonical(NETWORK.initialWeights(7));

    Weights.write(file, layout, canonical, Map.of("format", "lockstep"));

    SafeTensors read = SafeTensors.read(file);
    assertThat(read.tensors())
        .extracting(tensor -> tensor.name() + tensor.shape())
        .containsExactly("dense1.W[5, 3]", "dense1.b[3]", "output.W[3, 2]", "output.b[2]");
    assertThat(Weights.read(file, layout)).isEqualTo(canonical);
  }

  @Test
  void refusesTheWeightsOfAnotherNetwork() {
    Path file = folder.resolve("weights.safetensors");
    ParameterLayout layout = NETWORK.parameters();
    Weights.write(file, layout, new float[layout.canonicalLength()], Map.of());
    Network wider = Network.builder(5).dense(4, Activation.RELU).output(new Categorical(), 2);
    Network linear = Network.builder(3).output(new Categorical(), 2);
    Network deeper =
        Network.builder(5)
            .dense(3, Activation.RELU)
            .dense(3, Activation.RELU)
            .output(new Categorical(), 2);

    assertThatThrownBy(() -> Weights.read(file, wider.parameters()))
        .isInstanceOf(ModelException.class)
        .hasMessage(file + ": expected tensor dense1.W of shape [5, 4] but found [5, 3]");
    assertThatThrownBy(() -> Weights.read(file, deeper.parameters()))
        .hasMessage(file + ": expected tensor dense2.W of shape [3, 3] but found none");
    assertThatThrownBy(() -> Weights.read(file, linear.parameters()))
        .hasMessage(
            file
                + ": expected the tensors of the run's network but found also [dense1.W, dense1.b]");
    assertThatThrownBy(() -> Weights.write(file, layout, new float[3], Map.of()))
        .hasMessage("weights: expected %d values but found 3".formatted(layout.canonicalLength()));
  }

  @Test
  void hashIsThatOfLittleEndianBytes() {
    // printf '\x00\x00\x80\x3f\x00\x00\x00\xc0' | sha256sum
    assertThat(WeightsHash.sha256(new float[] {1f, -2f}))
        .isEqualTo("ee4ac73c2bd27756ab82780f27c73a7bc4d3f0bb6acb37e008bc27eccd7e588b");
    assertThat(WeightsHash.sha256(new float[0]))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }

  @Test
  void hashOfManyIsThatOfTheFilesData() {
    float[] values = new float[150_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    // python3: hashlib.sha256(array.array('f', range(150001))).hexdigest()
    assertThat(WeightsHash.sha256(values))
        .isEqualTo("ed3245d4677f20a8beb561397ff1e26f77734845dc2b209fdc0b73cb58dfc3e9");
  }

  @Test
  void aFileMayHoldNoTensors() {
    Path file = folder.resolve("empty.safetensors");
    new SafeTensors(List.<Tensor>of(), Map.of()).write(file);

    assertThat(SafeTensors.read(file).tensors()).isEmpty();
  }
}
