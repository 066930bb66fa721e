package io.lockstep.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.model.ModelException;
import io.lockstep.model.checkpoint.CheckpointFolder.Found;
import io.lockstep.model.checkpoint.CheckpointFolder.Stored;
import io.lockstep.nn.ParameterLayout;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointFolderTest {

  private static final ParameterLayout LAYOUT = Samples.layout(5);
  private static final long LIMIT_SECONDS = 60;

  @TempDir Path temp;

  private CheckpointFolder folder() {
    return new CheckpointFolder(temp.resolve("checkpoints"));
  }

  private void write(long... versions) {
    for (long version : versions) {
      folder().write(LAYOUT, Samples.checkpoint(LAYOUT, version));
    }
  }

  private Path file(long version, String name) {
    return folder().path().resolve("step-%010d".formatted(version)).resolve(name);
  }

  @Test
  void readsWhatItWrote() {
    write(40);

    Stored stored = folder().newest(false).newest().orElseThrow();
    Checkpoint read = stored.read(LAYOUT, 2);

    Checkpoint written = Samples.checkpoint(LAYOUT, 40);
    assertEqual(read, written);
    assertThat(folder().newest(false).damage()).isEmpty();
  }

  /** Bit for bit, NaN and long decimals included. */
  private static void assertEqual(Checkpoint read, Checkpoint written) {
    assertThat(Manifest.of(read, List.of())).isEqualTo(Manifest.of(written, List.of()));
    assertThat(read.weights()).isEqualTo(written.weights());
    assertThat(read.optimizer()).hasSameSizeAs(written.optimizer());
    for (int i = 0; i < written.optimizer().size(); i++) {
      assertThat(read.optimizer().get(i)).isEqualTo(written.optimizer().get(i));
    }
  }

  @Test
  void theManifestIsReadable() throws IOException {
    write(40);

    assertThat(Files.readString(file(40, "manifest.json")))
        .contains("\"version\" : 40", "\"epoch\" : 4", "\"stepInEpoch\" : 4", "\"seed\" : 7")
        .contains("\"train.batch\" : \"64\"", "\"name\" : \"optimizer.safetensors\"");
  }

  @Test
  void anOptimizerWithoutStateHasAFileWithoutTensors() {
    Checkpoint full = Samples.checkpoint(LAYOUT, 1);
    folder()
        .write(
            LAYOUT,
            new Checkpoint(1, 0, 1, 7, full.basis(), full.progress(), full.weights(), List.of()));

    assertThat(folder().newest(false).newest().orElseThrow().read(LAYOUT, 0).optimizer()).isEmpty();
  }

  @Test
  void aNewFolderHasNone() {
    assertThat(folder().newest(false)).isEqualTo(new Found(Optional.empty(), List.of()));
    assertThat(folder().versions()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "manifest.json",
        "manifest.crc32c",
        "weights.safetensors",
        "optimizer.safetensors"
      })
  void damageOfAnyRegionIsReportedAndTheOneBeforeUsed(String name) throws IOException {
    write(1, 2);
    Path file = file(2, name);
    byte[] whole = Files.readAllBytes(file);
    int stride = Math.max(1, whole.length / 40);
    for (int at = 0; at < whole.length; at += stride) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x10;
      Files.write(file, damaged);
      usesTheFirst(file);
    }
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    usesTheFirst(file);
    Files.write(file, Arrays.copyOf(whole, whole.length + 1));
    usesTheFirst(file);
    Files.delete(file);
    usesTheFirst(file.getParent());
  }

  private void usesTheFirst(Path damaged) {
    Found found = folder().newest(false);
    assertThat(found.newest().orElseThrow().manifest().version()).isEqualTo(1);
    assertThat(found.damage())
        .singleElement()
        .asString()
        .startsWith(name(damaged) ? damaged.getParent().toString() : damaged.toString());
  }

  /** Damage of the checksum shows at what it is of. */
  private static boolean name(Path file) {
    return file.getFileName().toString().startsWith("manifest.");
  }

  @Test
  void keepsTheLastAndTheBestAndDeletesWhatIsUnfinished() throws IOException {
    write(10, 20, 30, 40, 50);
    Files.createDirectories(folder().path().resolve(".step-0000000060.new.tmp/weights"));
    Files.createDirectories(folder().path().resolve(".step-0000000005.old.tmp"));

    folder().prune(40, 2, Set.of(10L));

    assertThat(folder().versions()).containsExactly(10L, 30L, 40L, 50L);
    try (var files = Files.list(folder().path())) {
      assertThat(files).hasSize(4);
    }
  }

  @Test
  void anOlderOneOfTheSameVersionIsReplaced() throws IOException {
    write(10);
    Files.writeString(file(10, "weights.safetensors"), "nothing");

    write(10);

    assertThat(folder().newest(false).damage()).isEmpty();
    assertThat(folder().newest(false).newest()).isPresent();
  }

  @Test
  void anotherNetworkIsRefused() {
    write(10);

    assertThatThrownBy(
            () -> folder().newest(false).newest().orElseThrow().read(Samples.layout(6), 2))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("expected tensor dense1.W of shape [20, 6] but found [20, 5]");
  }

  @Test
  void differencesNameTheKeys() {
    assertThat(Samples.basis("64").differences(Samples.basis("64"))).isEmpty();
    assertThat(Samples.basis("64").differences(Samples.basis("32")))
        .containsExactly("train.batch was 64 and is now 32");
  }

  /** As often as the system property {@code lockstep.kills} says. */
  @Test
  void aProcessThatIsKilledWhileItWritesLeavesAValidOne() throws Exception {
    Random random = new Random(20260301);
    long version = 1;
    write(version);
    ParameterLayout layout = Samples.layout(3000);
    folder().write(layout, Samples.checkpoint(layout, version));
    for (int kill = 0; kill < Integer.getInteger("lockstep.kills", 12); kill++) {
      Process process = WritingProcess.start("", folder().path(), 3000, version + 1);
      try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
        assertThat(out.readLine()).isEqualTo("begins");
        for (int written = random.nextInt(3); written >= 0; written--) {
          assertThat(out.readLine()).isEqualTo("wrote");
        }
        process.waitFor(random.nextInt(30), TimeUnit.MILLISECONDS);
      } finally {
        process.destroyForcibly();
      }
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();

      Found found = folder().newest(false);
      assertThat(found.damage()).isEmpty();
      Checkpoint newest = found.newest().orElseThrow().read(layout, 2);
      assertThat(newest.version()).isGreaterThanOrEqualTo(version);
      version = newest.version();
      assertEqual(newest, Samples.checkpoint(layout, version));
    }
    assertThat(version).isGreaterThan(1);
  }

  /** A limit on the size of files stands for a full disk: it needs no disk of its own. */
  @Test
  void aFullDiskIsReportedAndTheOlderCheckpointsStay() throws Exception {
    write(1);

    Process process = WritingProcess.start("ulimit -f 20; ", folder().path(), 3000, 2);
    String out;
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      out = reader.readAllAsString();
    } finally {
      process.destroyForcibly();
    }

    assertThat(out)
        .contains("step-0000000002: the checkpoint cannot be written: ")
        .contains("File too large");
    assertThat(folder().versions()).containsExactly(1L);
    assertThat(folder().newest(false).damage()).isEmpty();
    try (var files = Files.list(folder().path())) {
      assertThat(files).hasSize(1);
    }
  }
}
