package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.model.SafeTensors.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTensorsTest {

  private static final String HEADER =
      "{\"__metadata__\":{\"k\":\"v\"},\"a\":{\"dtype\":\"F32\",\"shape\":[1,2],"
          + "\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]}}";

  /** 1, -2 and the smallest denormal, little-endian. */
  private static final byte[] DATA = HexFormat.of().parseHex("0000803f000000c001000000");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("w.safetensors");
  }

  private void store(String header, byte[] data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, bytes.putLong(json.length).put(json).put(data).array());
  }

  private void refuses(String message) {
    assertThatThrownBy(() -> SafeTensors.read(file))
        .isInstanceOf(ModelException.class)
        .hasMessage(file + ": " + message);
  }

  @Test
  void writesTheBytesOfTheFormat() throws IOException {
    List<Tensor> tensors =
        List.of(
            new Tensor("a", List.of(1, 2), new float[] {1f, -2f}),
            new Tensor("b", List.of(), new float[] {Float.MIN_VALUE}));

    new SafeTensors(tensors, Map.of("k", "v")).write(file);

    String padded = HEADER + " ".repeat(Math.ceilDiv(HEADER.length(), 8) * 8 - HEADER.length());
    ByteBuffer expected = ByteBuffer.allocate(8 + padded.length() + DATA.length);
    expected.order(ByteOrder.LITTLE_ENDIAN).putLong(padded.length());
    expected.put(padded.getBytes(StandardCharsets.US_ASCII)).put(DATA);
    assertThat(Files.readAllBytes(file)).isEqualTo(expected.array());
    assertThat(padded.length() % 8).isZero();
    assertThat(folder.toFile().listFiles()).containsExactly(file.toFile());
  }

  @Test
  void readsFixedBytes() throws IOException {
    store(HEADER, DATA);

    SafeTensors read = SafeTensors.read(file);

    assertThat(read.metadata()).containsExactly(Map.entry("k", "v"));
    assertThat(read.tensors()).extracting(Tensor::name).containsExactly("a", "b");
    assertThat(read.tensors().get(0).shape()).containsExactly(1, 2);
    assertThat(read.tensors().get(0).values()).containsExactly(1f, -2f);
    assertThat(read.tensors().get(1).shape()).isEmpty();
    assertThat(read.tensors().get(1).values()).containsExactly(Float.MIN_VALUE);
  }

  @Test
  void keepsBitsOfLargeTensorsAndSpecialValues() {
    float[] large = new float[200_003];
    for (int i = 0; i < large.length; i++) {
      large[i] = Float.intBitsToFloat(i * 0x9E3779B1);
    }
    List<Tensor> tensors =
        List.of(
            new Tensor("empty", List.of(0, 3), new float[0]),
            new Tensor("größe \"x\"", List.of(large.length), large),
            new Tensor("tail", List.of(1), new float[] {-0f}));

    new SafeTensors(tensors, Map.of()).write(file);

    SafeTensors read = SafeTensors.read(file);
    assertThat(read.tensors())
        .extracting(Tensor::name)
        .containsExactly("empty", "größe \"x\"", "tail");
    assertThat(bits(read.tensors().get(1).values())).isEqualTo(bits(large));
    assertThat(bits(read.tensors().get(2).values())).isEqualTo(bits(new float[] {-0f}));
  }

  @Test
  void replacesAnEarlierFile() {
    new SafeTensors(List.of(new Tensor("a", List.of(2), new float[2])), Map.of()).write(file);
    new SafeTensors(List.of(new Tensor("b", List.of(1), new float[1])), Map.of()).write(file);

    assertThat(SafeTensors.read(file).tensors()).extracting(Tensor::name).containsExactly("b");
  }

  @Test
  void refusesAFileCutAnywhere() throws IOException {
    store(HEADER, DATA);
    byte[] whole = Files.readAllBytes(file);

    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> SafeTensors.read(file))
          .as("cut to %d bytes", length)
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith(file + ": ");
    }
  }

  @Test
  void refusesWhatIsNoSafetensorsFile() throws IOException {
    refuses("no such file; expected the weights of a run");
    Files.write(file, new byte[3]);
    refuses("expected at least 8 bytes but found 3");
    Files.writeString(file, "hello, here are some bytes");
    refuses(
        "expected a header length from 2 to 18 but found 7503045836271281512; this is no"
            + " safetensors file, or it is cut off");
    Files.write(file, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0});
    refuses(
        "expected a header length from 2 to 2 but found 18446744073709551615; this is no"
            + " safetensors file, or it is cut off");
    store("[1, 2]", DATA);
    refuses("expected a JSON object as the header but found none");
    store("{\"a\": }", DATA);
    assertThatThrownBy(() -> SafeTensors.read(file))
        .hasMessageStartingWith(file + ": the header is not valid JSON: Unexpected character");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "'dtype':'F16','shape':[3],'data_offsets':[0,12] | expected dtype \"F32\" but found \"F16\"",
        "'shape':[3],'data_offsets':[0,12] | expected an object of dtype, shape and data_offsets but"
            + " found {\"shape\":[3],\"data_offsets\":[0,12]}",
        "'dtype':'F32','shape':[3.5],'data_offsets':[0,12] | expected a shape of whole numbers from"
            + " 0 to 2147483647 but found [3.5]",
        "'dtype':'F32','shape':[-3],'data_offsets':[0,12] | expected a shape of whole numbers from 0"
            + " to 2147483647 but found [-3]",
        "'dtype':'F32','shape':3,'data_offsets':[0,12] | expected a shape of whole numbers from 0 to"
            + " 2147483647 but found 3",
        "'dtype':'F32','shape':[3],'data_offsets':[12] | expected data_offsets of two whole numbers"
            + " but found [12]",
        "'dtype':'F32','shape':[3],'data_offsets':[0,'12'] | expected data_offsets of two whole"
            + " numbers but found [0,\"12\"]",
        "'dtype':'F32','shape':[4],'data_offsets':[0,16] | expected data_offsets within the 12 bytes"
            + " of data but found [0,16]",
        "'dtype':'F32','shape':[3],'data_offsets':[12,0] | expected data_offsets within the 12 bytes"
            + " of data but found [12,0]",
        "'dtype':'F32','shape':[3],'data_offsets':[-12,0] | expected data_offsets within the 12"
            + " bytes of data but found [-12,0]",
        "'dtype':'F32','shape':[3],'data_offsets':[0,99999999999999999999] | expected data_offsets"
            + " within the 12 bytes of data but found [0,99999999999999999999]",
        "'dtype':'F32','shape':[2],'data_offsets':[0,12] | expected data_offsets that span 4 bytes"
            + " for each value of shape [2] but found [0,12]",
        "'dtype':'F32','shape':[65536,65536],'data_offsets':[0,0] | expected data_offsets that span"
            + " 4 bytes for each value of shape [65536, 65536] but found [0,0]",
        "'dtype':'F32','shape':[2],'data_offsets':[4,12] | expected its data to begin at 0, where"
            + " those before it end, but found 4",
      })
  void refusesAWrongEntry(String entry, String message) throws IOException {
    store("{\"a\":{" + entry.replace('\'', '"') + "}}", DATA);
    refuses("tensor a: " + message);
  }

  @Test
  void refusesOverlapsRemaindersDuplicatesAndMetadataThatIsNoText() throws IOException {
    String two = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
    store("{" + two + "}", DATA);
    refuses("expected 8 bytes of data, as the header says, but found 12");
    store("{" + two + "," + two.replace("\"a\"", "\"b\"").replace("[0,8]", "[4,12]") + "}", DATA);
    refuses("tensor b: expected its data to begin at 8, where those before it end, but found 4");
    store("{" + two + "," + two + "}", DATA);
    assertThatThrownBy(() -> SafeTensors.read(file))
        .hasMessage(file + ": the header is not valid JSON: Duplicate field 'a'");
    store("{\"__metadata__\":{\"n\":1}}", new byte[0]);
    refuses("__metadata__: expected a text for n but found 1");
    store("{\"__metadata__\":1}", new byte[0]);
    refuses("__metadata__: expected texts by key but found 1");
  }

  @Test
  void refusesTensorsThatCannotBeWritten() {
    assertThatThrownBy(() -> new Tensor("a", List.of(2, 2), new float[3]))
        .hasMessage("tensor a: expected 4 values for shape [2, 2] but found 3");
    assertThatThrownBy(() -> new Tensor("__metadata__", List.of(), new float[1]))
        .hasMessage("tensor: the name __metadata__ is reserved");
    Tensor tensor = new Tensor("a", List.of(), new float[1]);
    assertThatThrownBy(() -> new SafeTensors(List.of(tensor, tensor), Map.of()).write(file))
        .hasMessage("tensor a: the name is there twice");
  }

  @Test
  void leavesNothingBehindWhenWritingFails() throws IOException {
    Path taken =
        Files.createDirectories(folder.resolve("taken").resolve("by-something")).getParent();
    SafeTensors tensors = new SafeTensors(List.of(), Map.of());

    assertThatThrownBy(() -> tensors.write(taken))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(taken + ": cannot be written: ");
    assertThat(folder.toFile().listFiles()).containsExactly(taken.toFile());
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }
}
