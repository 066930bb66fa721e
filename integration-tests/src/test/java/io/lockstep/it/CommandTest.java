package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as its users run it: a process, its exit code, what it prints and what it leaves. */
class CommandTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int STEPS = 30;
  private static final List<String> SMALL =
      List.of("--set", "data.digits.train=2000", "--set", "data.digits.test=500");

  @TempDir Path folder;

  @Test
  void saysInTheRunsSummaryWhatCameOutAndWhatItRanOn() throws Exception {
    LockstepProcess.Ended trained =
        train(
            "--out",
            "run",
            "--workers=2",
            "--servers=2",
            "--quiet",
            "--set=train.seed=7",
            "--set=kernels=scalar");

    assertThat(trained.exitCode()).as(trained.err()).isZero();
    JsonNode run = JSON.readTree(folder.resolve("run/run.json").toFile());
    assertThat(run.get("status").asText()).isEqualTo("finished");
    assertThat(run.get("weightsSha256").asText())
        .isEqualTo(sha256OfTensors(folder.resolve("run/weights.safetensors")));
    assertThat(run.get("steps").asLong()).isEqualTo(STEPS);
    assertThat(run.get("epochs").asLong()).isEqualTo(2); // 1,800 rows in steps of 128
    assertThat(run.get("workers").asInt()).isEqualTo(2);
    assertThat(run.get("servers").asInt()).isEqualTo(2);
    assertThat(run.get("microBatches").asInt()).isEqualTo(4);
    // The 15th step of an epoch has 8 rows, which are one micro-batch; the second worker has none.
    assertThat(run.get("microBatchesPerWorker").toString()).isEqualTo("[58,56]");
    assertThat(run.get("seed").asLong()).isEqualTo(7);
    assertThat(run.get("seconds").asDouble()).isPositive();
    assertThat(run.get("samplesPerSecond").asDouble())
        .isCloseTo(3_600 / run.get("seconds").asDouble(), withinPercentage(1));
    for (String rows : List.of("train", "validation", "test")) {
      assertThat(run.at("/" + rows + "/loss").asDouble()).as(rows).isBetween(0.01, 3.0);
      assertThat(run.at("/" + rows + "/accuracy").asDouble()).as(rows).isBetween(0.1, 1.0);
    }
    assertThat(run.get("jdk").asText()).startsWith(Runtime.version().toString());
    assertThat(run.get("cpu").asText()).isNotBlank();
    assertThat(run.get("simd").asText()).isEqualTo("scalar");
    assertThat(run.get("dataName").asText()).isEqualTo("digits");
    assertThat(run.get("dataSha256").asText()).matches("[0-9a-f]{64}");
    assertThat(run.get("version").asText()).matches("\\d+\\.\\d+\\.\\d+.*");
    assertThat(run.get("commit").asText()).isNotBlank();
  }

  /** The hash of all that follows the header: the tensors, in the order of the file. */
  private static String sha256OfTensors(Path safeTensors) throws Exception {
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(safeTensors));
    long header = file.order(ByteOrder.LITTLE_ENDIAN).getLong();
    file.position(Math.toIntExact(Long.BYTES + header));
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(file);
    return HexFormat.of().formatHex(digest.digest());
  }

  @Test
  void evaluatesARunToTheFiguresThatItEndedWith() throws Exception {
    train("--out", "run", "--quiet");

    JsonNode run = JSON.readTree(folder.resolve("run/run.json").toFile());
    LockstepProcess.Ended evaluated = LockstepProcess.run(folder, "evaluate", "run", "--json");
    assertThat(evaluated.exitCode()).as(evaluated.err()).isZero();
    assertThat(evaluated.out()).contains(run.at("/test/loss").asText());
    assertThat(evaluated.out()).contains(run.at("/validation/loss").asText());
  }

  @Test
  void printsALineForEachReportOfProgressIntoAPipe() throws Exception {
    LockstepProcess.Ended trained = train("--out", "run", "--set", "train.reportEvery=10");

    assertThat(trained.exitCode()).as(trained.err()).isZero();
    for (String step : List.of("epoch 1/8  step 10/30", "epoch 2/8  step 30/30")) {
      assertThat(trained.out())
          .containsPattern(
              step + "  loss [0-9.]+  accuracy [0-9.]+ %  [0-9,]+ rows/s  [0-9:]+ left\\R");
    }
    assertThat(trained.out()).doesNotContain("\r", "\u001b");
  }

  @Test
  void predictRefusesANumberThatIsNotFiniteNamingRowAndColumn() throws Exception {
    train("--out", "run", "--quiet");
    String row = "0,".repeat(783);
    Files.writeString(folder.resolve("rows.csv"), row + "0\n0," + row.substring(2) + "NaN\n");

    LockstepProcess.Ended ended = LockstepProcess.run(folder, "predict", "run", "rows.csv");

    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .contains("lockstep: rows.csv:2: column 784: expected a finite number but found 'NaN'");
  }

  @Test
  void printsNothingButJsonLinesWithJson() throws Exception {
    LockstepProcess.Ended trained = train("--out", "run", "--json");

    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(trained.out().lines())
        .isNotEmpty()
        .allSatisfy(line -> assertThat(JSON.readTree(line)).isNotNull());
  }

  @Test
  void aLossThatIsNotFiniteEndsWithExitCode3AndTheLastGoodWeights() throws Exception {
    LockstepProcess.Ended ended =
        train(
            "--out", "run", "--set", "optimizer.name=sgd", "--set", "optimizer.learningRate=1e25");

    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(3);
    assertThat(ended.err()).contains("step").containsAnyOf("dense1", "output");
    JsonNode run = JSON.readTree(folder.resolve("run/run.json").toFile());
    assertThat(run.get("status").asText()).isEqualTo("diverged");
    assertThat(folder.resolve("run/weights.safetensors")).isRegularFile();
    LockstepProcess.Ended evaluated = LockstepProcess.run(folder, "evaluate", "run");
    assertThat(evaluated.exitCode()).as(evaluated.err()).isZero();
  }

  @Test
  void ctrlCSavesWhatWasLearned() throws Exception {
    try (LockstepProcess process =
        LockstepProcess.start(
            folder,
            List.of("--add-modules=jdk.incubator.vector"),
            arguments(
                "--set",
                "train.maxSteps=0",
                "--set",
                "train.epochs=100000",
                "--out",
                "run",
                "--json"))) {
      process.awaitOut("\"event\":\"epoch\"");

      process.interrupt();

      LockstepProcess.Ended ended = process.await();
      assertThat(ended.exitCode()).as(ended.err()).isEqualTo(130);
    }
    JsonNode run = JSON.readTree(folder.resolve("run/run.json").toFile());
    assertThat(run.get("status").asText()).isEqualTo("stopped");
    assertThat(run.get("steps").asLong()).isPositive();
    assertThat(folder.resolve("run/weights.safetensors")).isRegularFile();
  }

  @Test
  void withoutTheIncubatorModuleItWarnsOnceAndGivesTheSameWeights() throws Exception {
    train("--out", "vector", "--quiet");
    LockstepProcess.Ended scalar =
        LockstepProcess.run(folder, List.of(), arguments("--out", "scalar", "--quiet"));

    assertThat(scalar.exitCode()).as(scalar.err()).isZero();
    assertThat((scalar.out() + scalar.err()).lines().filter(line -> line.contains("--add-modules")))
        .hasSize(1);
    assertThat(weights("scalar")).isEqualTo(weights("vector"));
    assertThat(JSON.readTree(folder.resolve("scalar/run.json").toFile()).get("simd").asText())
        .isEqualTo("scalar");
  }

  @Test
  void namesWorkersThatStayIdle() throws Exception {
    LockstepProcess.Ended trained = train("--out", "run", "--workers", "6");

    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(trained.out() + trained.err()).containsPattern("idle");
    JsonNode perWorker =
        JSON.readTree(folder.resolve("run/run.json").toFile()).get("microBatchesPerWorker");
    assertThat(perWorker.get(5).asLong()).isZero();
  }

  private String weights(String run) throws Exception {
    return JSON.readTree(folder.resolve(run).resolve("run.json").toFile())
        .get("weightsSha256")
        .asText();
  }

  private LockstepProcess.Ended train(String... more) throws Exception {
    return LockstepProcess.run(folder, arguments(more));
  }

  private static String[] arguments(String... more) {
    List<String> all = new ArrayList<>();
    all.add("train");
    all.addAll(SMALL);
    all.addAll(List.of("--set", "train.maxSteps=" + STEPS));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}
