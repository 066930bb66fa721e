package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.kernels.Activation;
import io.lockstep.model.SafeTensors.Tensor;
import io.lockstep.nn.Categorical;
import io.lockstep.nn.Network;
import io.lockstep.nn.ParameterLayout;
import io.lockstep.nn.SquaredError;
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
    float[] theta = NETWORK.initialWeights(7);

    Weights.write(file, layout, theta, Map.of("format", "lockstep"));

    SafeTensors read = SafeTensors.read(file);
    assertThat(read.tensors())
        .extracting(tensor -> tensor.name() + tensor.shape())
        .containsExactly("dense1.W[5, 3]", "dense1.b[3]", "output.W[3, 2]", "output.b[2]");
    assertThat(canonical(read)).isEqualTo(layout.toCanonical(theta));
    assertThat(Weights.read(file, layout)).isEqualTo(theta);
  }

  @Test
  void refusesTheWeightsOfAnotherNetwork() {
    Path file = folder.resolve("weights.safetensors");
    ParameterLayout layout = NETWORK.parameters();
    Weights.write(file, layout, new float[layout.packedLength()], Map.of());
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
        .hasMessage("weights: expected %d values but found 3".formatted(layout.packedLength()));
  }

  /** More floats than are unpacked at once, in rows of more than one panel. */
  @Test
  void manyWeightsAreWrittenInTheOrderOfTheCanonicalForm() {
    Path file = folder.resolve("weights.safetensors");
    ParameterLayout layout = linear(700, 500);
    float[] canonical = counted(layout.canonicalLength());

    Weights.write(file, layout, layout.toPacked(canonical), Map.of());

    assertThat(canonical(SafeTensors.read(file))).isEqualTo(canonical);
  }

  private static float[] canonical(SafeTensors read) {
    int length = read.tensors().stream().mapToInt(tensor -> tensor.values().length).sum();
    float[] all = new float[length];
    int at = 0;
    for (Tensor tensor : read.tensors()) {
      System.arraycopy(tensor.values(), 0, all, at, tensor.values().length);
      at += tensor.values().length;
    }
    return all;
  }

  private static ParameterLayout linear(int inputs, int outputs) {
    return Network.builder(inputs).output(new SquaredError(), outputs).parameters();
  }

  private static float[] counted(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = i;
    }
    return values;
  }

  @Test
  void hashIsThatOfLittleEndianBytes() {
    ParameterLayout two = linear(1, 1);

    // printf '\x00\x00\x80\x3f\x00\x00\x00\xc0' | sha256sum
    assertThat(WeightsHash.sha256(two, two.toPacked(new float[] {1f, -2f})))
        .isEqualTo("ee4ac73c2bd27756ab82780f27c73a7bc4d3f0bb6acb37e008bc27eccd7e588b");
  }

  @Test
  void hashOfManyIsThatOfTheFilesData() {
    ParameterLayout many = linear(150_000, 1);

    // python3: hashlib.sha256(array.array('f', range(150001))).hexdigest()
    assertThat(WeightsHash.sha256(many, many.toPacked(counted(150_001))))
        .isEqualTo("ed3245d4677f20a8beb561397ff1e26f77734845dc2b209fdc0b73cb58dfc3e9");
  }

  @Test
  void aFileMayHoldNoTensors() {
    Path file = folder.resolve("empty.safetensors");
    new SafeTensors(List.<Tensor>of(), Map.of()).write(file);

    assertThat(SafeTensors.read(file).tensors()).isEmpty();
  }
}
