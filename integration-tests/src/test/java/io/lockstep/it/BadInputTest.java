package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.Training;
import io.lockstep.config.Configuration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each mistake of a user ends the command with exit code 2 and one message that names it, before
 * anything is trained.
 */
class BadInputTest {

  @TempDir Path folder;

  @Test
  void anUnknownKeyIsNamedWithTheNearestKnownOne() throws Exception {
    refused("train { epohcs = 3 }", "train.epohcs", "train.epochs", "bad.conf:1");
  }

  @Test
  void aValueOfAWrongTypeIsNamedWithItsPlace() throws Exception {
    refused("train.batch = many", "train.batch", "many", "bad.conf:1");
  }

  @Test
  void sizesMustBePositive() throws Exception {
    refused("network.layers = [ { type = dense, units = 0 } ]", "units", "0", "bad.conf:1");
    refused("\ntrain.batch = -128", "train.batch", "-128", "bad.conf:2");
  }

  @Test
  void microBatchesMayNotExceedTheBatch() throws Exception {
    refused("train { batch = 8, microBatches = 9 }", "train.microBatches", "9", "8");
  }

  @Test
  void theInputWidthMustBeThatOfTheData() throws Exception {
    refused(
        "data.digits { train = 100, test = 10 }\nnetwork.input = 728",
        "network.input",
        "784",
        "728",
        "bad.conf:2");
  }

  @Test
  void kernelsThatNobodyKnowsAreRefused() throws Exception {
    refused("kernels = vector1024", "kernels", "vector1024", "vector512", "bad.conf:1");
  }

  /** The JVM is told to leave the wider vectors of this CPU alone; other CPUs have none. */
  @Test
  void aWidthThatTheCpuLacksIsRefusedWithThePlaceThatAsksForIt() throws Exception {
    Files.writeString(folder.resolve("wide.conf"), "name = wide\nkernels = vector512\n");
    String needs = "kernels: vector512 needs 512-bit SIMD, but this CPU offers ";

    check(
        LockstepProcess.run(folder, upTo("-XX:UseAVX=2"), "train", "wide.conf"),
        needs,
        "use auto, scalar",
        "set at wide.conf:2");
    check(
        LockstepProcess.run(folder, upTo("-XX:UseAVX=2"), "inspect", "wide.conf"),
        needs,
        "set at wide.conf:2");
    check(
        LockstepProcess.run(folder, upTo("-XX:UseAVX=0"), "train", "--set", "kernels=vector256"),
        "kernels: vector256 needs 256-bit SIMD, but this CPU offers 128 bits",
        "set at --set kernels=vector256");
    check(
        LockstepProcess.run(
            folder, upTo("-XX:UseAVX=2", "-Dlockstep.kernels=vector512"), "train", "digits"),
        needs,
        "set by -Dlockstep.kernels=vector512");
    assertThat(folder.resolve("runs")).doesNotExist();
  }

  private static List<String> upTo(String... flags) {
    List<String> all = new ArrayList<>(LockstepProcess.USUAL_FLAGS);
    all.add("-XX:+IgnoreUnrecognizedVMOptions"); // Other architectures do not know UseAVX.
    all.addAll(List.of(flags));
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"train digits", "inspect digits", "inspect run", "evaluate run"})
  void aSystemPropertyThatNamesNoKernelsIsRefused(String command) throws Exception {
    trainOneStep(folder.resolve("run"));

    checkFastKernels(command.split(" "));
  }

  @Test
  void aSystemPropertyThatNamesNoKernelsIsRefusedByPredict() throws Exception {
    trainOneStep(folder.resolve("run"));
    Files.writeString(folder.resolve("rows.csv"), "0,".repeat(783) + "0\n");

    checkFastKernels("predict", "run", "rows.csv");
  }

  private void checkFastKernels(String... command) throws Exception {
    LockstepProcess.Ended ended =
        LockstepProcess.run(folder, upTo("-Dlockstep.kernels=fast"), command);

    check(
        ended,
        "system property lockstep.kernels: expected auto, scalar, vector128, vector256 or"
            + " vector512 but found fast");
  }

  private static void trainOneStep(Path run) {
    List<String> small =
        List.of("data.digits.train=200", "data.digits.test=50", "train.maxSteps=1");
    Training.create(Configuration.bundled("digits", small)).run(run);
  }

  @Test
  void anOverrideIsNamedAsItWasGiven() throws Exception {
    LockstepProcess.Ended ended = LockstepProcess.run(folder, "train", "--set", "train.batch=abc");

    check(ended, "train.batch", "abc", "--set");
  }

  @Test
  void aFailureThatCannotHappenIsNamed() throws Exception {
    check(
        LockstepProcess.run(folder, "launch", "--workers=2", "--chaos=5:kill:worker-7"),
        "--chaos: expected one of server-0, worker-0, worker-1, or any, but found worker-7");
    check(
        LockstepProcess.run(folder, "train", "--workers=2", "--chaos=5:cut:any:3"),
        "--chaos: expected kill, pause, slow, drop, delay or hold, but found cut at step 5");
    check(
        LockstepProcess.run(folder, "train", "--workers=2", "--chaos=5:kill:server-0"),
        "--chaos: expected one of worker-0, worker-1, or any, but found server-0");
  }

  @Test
  void aMissingConfigurationIsNamed() throws Exception {
    check(LockstepProcess.run(folder, "train", "nowhere.conf"), "nowhere.conf");
  }

  @Test
  void aMissingIdxFileIsNamedWithThePlaceThatWasSearched() throws Exception {
    Files.createDirectories(folder.resolve("data"));

    refused(mnistIn("data"), "train-images-idx3-ubyte", folder.resolve("data").toString());
  }

  @Test
  void aTruncatedIdxFileIsNamedWithItsSizes() throws Exception {
    idx(images(10), labels(10, 3), false);
    Path file = folder.resolve("data/train-images-idx3-ubyte");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 5000));

    refused(mnistIn("data"), "train-images-idx3-ubyte", "7840", "4984");
  }

  @Test
  void aCorruptGzipFileIsNamed() throws Exception {
    idx(images(10), labels(10, 3), true);
    Path file = folder.resolve("data/train-images-idx3-ubyte.gz");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 0x55;
    Files.write(file, bytes);

    refused(mnistIn("data"), "train-images-idx3-ubyte.gz");
  }

  @Test
  void aLabelOutOfRangeIsNamedWithItsRow() throws Exception {
    byte[] labels = labels(10, 3);
    labels[8 + 6] = 11;
    idx(images(10), labels, false);

    refused(mnistIn("data"), "train-labels-idx1-ubyte", "6", "11");
  }

  @Test
  void anOutputFolderThatCannotBeMadeIsNamed() throws Exception {
    Files.writeString(folder.resolve("file"), "no folder");

    LockstepProcess.Ended ended =
        LockstepProcess.run(folder, "train", "--set", "data.digits.train=500", "--out", "file/run");

    check(ended, "file/run");
  }

  private String mnistIn(String name) {
    return "data { name = mnist, dir = \"" + folder.resolve(name) + "\" }";
  }

  private void refused(String configuration, String... named) throws Exception {
    Files.writeString(folder.resolve("bad.conf"), configuration);
    check(LockstepProcess.run(folder, "train", "bad.conf"), named);
    assertThat(folder.resolve("runs")).doesNotExist();
  }

  private static void check(LockstepProcess.Ended ended, String... named) {
    List<String> lines =
        ended.err().lines().filter(line -> !line.startsWith("WARNING: Using incubator")).toList();
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(2);
    assertThat(lines).as(ended.err()).hasSize(1);
    assertThat(lines.getFirst()).contains(named).doesNotContain("Exception");
  }

  private static byte[] images(int count) {
    ByteBuffer file = ByteBuffer.allocate(16 + count * 784);
    file.putInt(0x803).putInt(count).putInt(28).putInt(28);
    return file.array();
  }

  private static byte[] labels(int count, int label) {
    ByteBuffer file = ByteBuffer.allocate(8 + count);
    file.putInt(0x801).putInt(count);
    Arrays.fill(file.array(), 8, 8 + count, (byte) label);
    return file.array();
  }

  private void idx(byte[] images, byte[] labels, boolean gzip) throws IOException {
    for (String part : List.of("train", "t10k")) {
      write(part + "-images-idx3-ubyte", images, gzip);
      write(part + "-labels-idx1-ubyte", labels, gzip);
    }
  }

  private void write(String name, byte[] content, boolean gzip) throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = gzip ? new GZIPOutputStream(bytes) : bytes) {
      out.write(content);
    }
    Files.write(data.resolve(gzip ? name + ".gz" : name), bytes.toByteArray());
  }
}
