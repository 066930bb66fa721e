package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as its users run it: a process, its exit code, what it prints and what it leaves. */
class CommandTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> SMALL =
      List.of("--set", "data.digits.train=2000", "--set", "data.digits.test=500");

  @TempDir Path folder;

  @Test
  void trainsThenEvaluatesTheRunToTheSameFigures() throws Exception {
    LockstepProcess.Ended trained =
        train("--out", "run", "--workers", "2", "--servers", "2", "--quiet");

    assertThat(trained.exitCode()).as(trained.err()).isZero();
    JsonNode run = JSON.readTree(folder.resolve("run/run.json").toFile());
    assertThat(run.get("weightsSha256").asText()).hasSize(64);
    assertThat(run.get("steps").asLong()).isEqualTo(30);
    assertThat(run.get("workers").asInt()).isEqualTo(2);
    assertThat(run.get("microBatchesPerWorker")).hasSize(2);
    for (String field :
        List.of(
            "seed", "samplesPerSecond", "seconds", "jdk", "cpu", "simd", "dataSha256", "version")) {
      assertThat(run.has(field)).as(field).isTrue();
    }
    LockstepProcess.Ended evaluated = LockstepProcess.run(folder, "evaluate", "run", "--json");
    assertThat(evaluated.exitCode()).as(evaluated.err()).isZero();
    assertThat(evaluated.out()).contains(run.at("/test/loss").asText());
    assertThat(evaluated.out()).contains(run.at("/validation/loss").asText());
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
    LockstepProcess process =
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
                "--json"));
    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> !process.alive() || process.outSoFar().contains("\"event\":\"epoch\""));

    process.interrupt();

    LockstepProcess.Ended ended = process.await();
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(130);
    JsonNode run = JSON.readTree(folder.resolve("run/run.json").toFile());
    assertThat(run.get("status").asText()).isEqualTo("stopped");
    assertThat(run.get("steps").asLong()).isPositive();
    assertThat(folder.resolve("run/weights.safetensors")).isRegularFile();
  }

  @Test
  void withoutTheIncubatorModuleItWarnsOnceAndGivesTheSameWeights() throws Exception {
    train("--out", "vector", "--quiet");
    LockstepProcess.Ended scalar =
        LockstepProcess.start(folder, List.of(), arguments("--out", "scalar", "--quiet")).await();

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
    all.addAll(List.of("--set", "train.maxSteps=30"));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}
