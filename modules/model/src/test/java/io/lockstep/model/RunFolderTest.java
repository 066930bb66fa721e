package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lockstep.model.RunSummary.Outcome;
import io.lockstep.model.RunSummary.Score;
import io.lockstep.model.RunSummary.Scores;
import io.lockstep.model.RunSummary.Setup;
import io.lockstep.model.RunSummary.Status;
import io.lockstep.nn.Categorical;
import io.lockstep.nn.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {

  @TempDir Path folder;

  private static RunSummary summary(Status status, String message, Score train) {
    Setup setup =
        new Setup(
            3, 2, 16, -5, 7850, "digits", "ab12", List.of(), "vector256", "2026-01-02T03:04:05Z");
    Outcome outcome =
        new Outcome(
            status,
            message,
            "cd34",
            2,
            450,
            2,
            List.of(1L, 2L, 3L),
            List.of(),
            List.of(),
            1.5,
            38_400.0);
    Scores scores = new Scores(train, new Score(0.25, 0.9), null);
    Machine machine = new Machine("25.0.3+9 (X)", "Some CPU", 2);
    return RunSummary.of(setup, outcome, scores, machine, new BuildInfo("0.1.0", "0123456789ab"));
  }

  @Test
  void aNewFolderHoldsTheConfiguration() throws IOException {
    Path path = folder.resolve("runs").resolve("first");

    RunFolder created = RunFolder.create(path, "name = first\n");

    assertThat(created.path()).isEqualTo(path);
    assertThat(Files.readString(created.configFile())).isEqualTo("name = first\n");
    assertThat(RunFolder.isRun(path)).isTrue();
    assertThat(RunFolder.open(path).configFile()).isEqualTo(path.resolve("config.conf"));
  }

  @Test
  void weightsAndSummaryComeBack() {
    Network network = Network.builder(3).output(new Categorical(), 2);
    float[] weights = network.initialWeights(1);
    RunFolder run = RunFolder.create(folder.resolve("r"), "");
    RunSummary summary = summary(Status.FINISHED, null, new Score(0.5, null));

    run.writeWeights(network.parameters(), weights, Map.of("steps", "450"));
    run.writeSummary(summary);

    RunFolder opened = RunFolder.open(run.path());
    assertThat(opened.readWeights(network.parameters())).isEqualTo(weights);
    assertThat(opened.readSummary()).isEqualTo(summary);
  }

  @Test
  void summaryHasTheFieldsThatOthersReadAndIgnoresLaterOnes() throws IOException {
    RunFolder run = RunFolder.create(folder.resolve("r"), "");
    RunSummary summary = summary(Status.DIVERGED, "step 3: dense1", new Score(Double.NaN, null));
    run.writeSummary(summary);
    JsonNode json = new ObjectMapper().readTree(run.summaryFile().toFile());

    assertThat(json.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "status",
            "message",
            "weightsSha256",
            "weightsEpoch",
            "steps",
            "epochs",
            "workers",
            "servers",
            "microBatches",
            "microBatchesPerWorker",
            "nodes",
            "events",
            "seed",
            "parameters",
            "seconds",
            "samplesPerSecond",
            "train",
            "validation",
            "test",
            "dataName",
            "dataSha256",
            "jars",
            "started",
            "jdk",
            "cpu",
            "cores",
            "simd",
            "version",
            "commit");
    assertThat(json.get("status").asText()).isEqualTo("diverged");
    assertThat(json.get("microBatchesPerWorker").toString()).isEqualTo("[1,2,3]");
    assertThat(json.get("train").toString()).isEqualTo("{\"loss\":\"NaN\",\"accuracy\":null}");
    assertThat(json.get("validation").toString()).isEqualTo("{\"loss\":0.25,\"accuracy\":0.9}");
    assertThat(json.get("test").isNull()).isTrue();
    assertThat(json.get("seed").asLong()).isEqualTo(-5);

    String later = Files.readString(run.summaryFile()).replaceFirst("\\{", "{\"later\": [1],");
    Files.writeString(run.summaryFile(), later);
    assertThat(run.readSummary()).isEqualTo(summary);
  }

  @Test
  void usualPathIsNewAndFitForAnyFileSystem() throws IOException {
    LocalDateTime now = LocalDateTime.of(2026, 1, 2, 3, 4, 5);
    Path first = RunFolder.usualPath(folder, "mnist", now);
    Files.createDirectories(first);

    assertThat(first).isEqualTo(folder.resolve("mnist-20260102-030405"));
    assertThat(RunFolder.usualPath(folder, "mnist", now))
        .isEqualTo(folder.resolve("mnist-20260102-030405-2"));
    assertThat(RunFolder.usualPath(folder, "../a b/ü", now))
        .isEqualTo(folder.resolve("a-b--20260102-030405"));
    assertThat(RunFolder.usualPath(folder, "..", now))
        .isEqualTo(folder.resolve("run-20260102-030405"));
  }

  @Test
  void refusesAFolderThatHoldsFiles() throws IOException {
    Files.writeString(folder.resolve("x"), "");

    assertThatThrownBy(() -> RunFolder.create(folder, ""))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            folder
                + ": expected an empty or new folder for the run, but it holds files; name another");
    assertThat(folder.toFile().list()).hasSize(1);
  }

  @Test
  void refusesAFolderThatCannotBeMade() throws IOException {
    Path file = Files.writeString(folder.resolve("x"), "");

    assertThatThrownBy(() -> RunFolder.create(file, ""))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            file + ": the folder of the run cannot be made: " + file + " is a file; name another");
    Path below = file.resolve("run");
    assertThatThrownBy(() -> RunFolder.create(below, ""))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            below + ": the folder of the run cannot be made: Not a directory; name another");
  }

  @Test
  void namesWhatAnOpenedFolderLacks() throws IOException {
    Network network = Network.builder(3).output(new Categorical(), 2);
    Path missing = folder.resolve("missing");
    Path file = Files.writeString(folder.resolve("file"), "");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    RunFolder run = RunFolder.create(folder.resolve("r"), "");
    String lack =
        ": expected the file %s of a run but it is missing; the run did not get so far, or this is"
            + " no run's folder";

    assertThatThrownBy(() -> RunFolder.open(missing))
        .hasMessage(
            missing + ": no such folder; expected the folder of a run, such as runs/digits-…");
    assertThatThrownBy(() -> RunFolder.open(file))
        .hasMessage(file + ": no folder; expected the folder of a run, such as runs/digits-…");
    assertThatThrownBy(() -> RunFolder.open(empty))
        .hasMessage(empty + lack.formatted("config.conf"));
    assertThatThrownBy(run::readSummary).hasMessage(run.path() + lack.formatted("run.json"));
    assertThatThrownBy(() -> run.readWeights(network.parameters()))
        .hasMessage(run.path() + lack.formatted("weights.safetensors"));
  }

  @Test
  void refusesASummaryThatIsDamaged() throws IOException {
    RunFolder run = RunFolder.create(folder.resolve("r"), "");
    Files.writeString(run.summaryFile(), "{\"steps\": 3");

    assertThatThrownBy(run::readSummary)
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(run.summaryFile() + ": expected the summary of a run: ");
  }

  @Test
  void machineAndBuildAreNamed() throws IOException {
    Path cpuInfo = folder.resolve("cpuinfo");
    Files.writeString(cpuInfo, "processor\t: 0\nmodel name\t: Some CPU @ 2 GHz\nmodel name\t: B\n");
    Path other = Files.writeString(folder.resolve("other"), "processor : 0\n");
    Machine machine = Machine.ofProcess();

    assertThat(Machine.linuxCpu(cpuInfo)).hasValue("Some CPU @ 2 GHz");
    assertThat(Machine.linuxCpu(other)).isEmpty();
    assertThat(Machine.linuxCpu(folder.resolve("missing"))).isEmpty();
    assertThat(machine.jdk()).startsWith("25");
    assertThat(machine.cpu()).isNotBlank();
    assertThat(machine.cores()).isPositive();
  }

  private static Path jar(Path file, String entry, byte[] content) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(content);
    }
    return file;
  }

  @Test
  void jarsComeBackInTheOrderOfTheirNames() throws IOException {
    Path b = jar(folder.resolve("b.jar"), "x", new byte[] {1, 2});
    Path a = jar(folder.resolve("a.jar"), "x", new byte[] {3});
    List<Jar> jars = Jar.read(List.of(b, a));
    RunFolder run = RunFolder.create(folder.resolve("run"), "");

    assertThat(run.readJars()).isEmpty();
    run.writeJars(jars);

    assertThat(run.readJars())
        .isEqualTo(jars)
        .extracting(Jar::name)
        .containsExactly("a.jar", "b.jar");
    assertThat(Jar.entries(jars)).containsOnlyKeys("x");
    assertThat(Jar.entries(jars).get("x")).containsExactly(3);
  }

  @Test
  void refusesOtherJarsThanTheRuns() throws IOException {
    Jar jar = Jar.read(List.of(jar(folder.resolve("a.jar"), "x", new byte[] {1}))).getFirst();
    RunFolder run = RunFolder.create(folder.resolve("run"), "");
    run.writeJars(List.of(jar));
    run.writeSummary(summary(Status.FINISHED, null, null));

    assertThatThrownBy(run::readJars)
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("expected the jars of the run, [], but found [UsedJar[name=a.jar");
  }

  @Test
  void refusesWhatIsNoJar() throws IOException {
    Path text = Files.writeString(folder.resolve("text.jar"), "no jar");
    Path cut = folder.resolve("cut.jar");
    byte[] whole = Files.readAllBytes(jar(folder.resolve("a.jar"), "x", new byte[5_000]));
    Files.write(cut, Arrays.copyOf(whole, 40));
    Path same = jar(Files.createDirectory(folder.resolve("same")).resolve("a.jar"), "x", whole);

    refuses(List.of(folder), folder + ": expected a jar but found no file");
    refuses(List.of(text), text + ": expected a jar but found no entry of one");
    refuses(List.of(cut), "cut.jar: expected a jar but found a damaged one");
    refuses(
        List.of(folder.resolve("a.jar"), same),
        same + ": expected jars of different names but found another a.jar");
  }

  private static void refuses(List<Path> files, String message) {
    assertThatThrownBy(() -> Jar.read(files))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(message);
  }
}
