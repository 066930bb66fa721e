package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small run, and what the other commands make of it. */
final class RunCommandsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;
  private static Path run;
  private static CommandLineRun trained;

  @BeforeAll
  static void train() {
    run = folder.resolve("run");
    trained = train("--out", run.toString());
  }

  private static CommandLineRun train(String... more) {
    List<String> arguments = new ArrayList<>(List.of("train", "linear"));
    for (String key :
        List.of(
            "data.digits.train=300",
            "data.digits.test=50",
            "train.epochs=2",
            "train.batch=64",
            "train.reportEvery=2")) {
      Collections.addAll(arguments, "--set", key);
    }
    Collections.addAll(arguments, more);
    return CommandLineRun.of(arguments.toArray(String[]::new));
  }

  @Test
  void showsALineForEachReportAndEachEpochAndTheResult() throws IOException {
    assertThat(trained.exitCode()).isZero();
    assertThat(trained.err()).isEmpty();
    assertThat(trained.lines().getFirst()).startsWith("linear: 784-10");
    assertThat(trained.lines())
        .filteredOn(line -> line.matches("epoch .*  loss .*"))
        .extracting(line -> line.replaceFirst("  loss .*", ""))
        .containsExactly(
            "epoch 1/2  step 2/10",
            "epoch 1/2  step 4/10",
            "epoch 2/2  step 6/10",
            "epoch 2/2  step 8/10",
            "epoch 2/2  step 10/10");
    assertThat(trained.lines())
        .filteredOn(line -> line.matches("epoch .*  train .*"))
        .extracting(line -> line.replaceFirst("  train .*", ""))
        .containsExactly("epoch 1/2", "epoch 2/2");
    assertThat(trained.out()).contains("folder   " + run, "weights  sha256 " + weightsOf(run));
    assertThat(trained.out()).doesNotContain("\r", "\u001b");
  }

  @Test
  void showsOnlyTheResultWhenQuiet() {
    CommandLineRun quiet = train("--quiet", "--out", folder.resolve("quiet").toString());
    assertThat(quiet.lines().getFirst()).isEqualTo("              loss  accuracy");
    assertThat(quiet.lines()).noneMatch(line -> line.startsWith("epoch"));
  }

  @Test
  void printsNothingButJsonAndTheSameWeightsWithMoreWorkers() throws IOException {
    CommandLineRun json =
        train(
            "--json", "--workers", "2", "--servers", "2", "--out", folder.resolve("j").toString());
    List<String> events = new ArrayList<>();
    for (String line : json.lines()) {
      events.add(JSON.readTree(line).path("event").asText());
    }
    assertThat(events).startsWith("start", "step").endsWith("epoch", "end").contains("epoch");
    JsonNode end = JSON.readTree(json.lines().getLast());
    assertThat(end.path("workers").asInt()).isEqualTo(2);
    assertThat(end.path("weightsSha256").asText()).isEqualTo(weightsOf(run));
  }

  @Test
  void evaluatesToTheScoresOfTheRun() throws IOException {
    JsonNode summary = JSON.readTree(run.resolve("run.json").toFile());
    CommandLineRun evaluated = CommandLineRun.of("evaluate", run.toString(), "--json");
    JsonNode line = JSON.readTree(evaluated.out());
    assertThat(line.path("test").path("loss").asDouble())
        .isEqualTo(summary.path("test").path("loss").asDouble());
    assertThat(line.path("validation").path("accuracy").asDouble())
        .isEqualTo(summary.path("validation").path("accuracy").asDouble());
    assertThat(CommandLineRun.of("evaluate", run.toString()).out()).contains("test  ");
  }

  @Test
  void inspectsARunWithItsResult() {
    assertThat(CommandLineRun.of("inspect", run.toString()).out())
        .contains("output  784   10", "weights  sha256 ", "test  ");
  }

  @Test
  void predictsRowsOfCsv() throws IOException {
    String row = String.join(",", Collections.nCopies(784, "0"));
    Path csv = Files.writeString(folder.resolve("rows.csv"), row + "\n" + row + "\n");
    CommandLineRun predicted = CommandLineRun.of("predict", run.toString(), csv.toString());
    assertThat(predicted.exitCode()).isZero();
    assertThat(predicted.lines()).hasSize(3);
    assertThat(predicted.lines().getFirst()).startsWith("row,class,p(0),p(1)");
    String[] cells = predicted.lines().getLast().split(",", -1);
    assertThat(cells).hasSize(12).startsWith("1");
    double sum = Stream.of(cells).skip(2).mapToDouble(Double::parseDouble).sum();
    assertThat(sum).isBetween(0.9999, 1.0001);
  }

  @Test
  void hasNoCoefficientsWithAHiddenLayer() {
    Path hidden = folder.resolve("hidden");
    train("--set", "network.layers=[{type=dense,units=2}]", "--out", hidden.toString());
    CommandLineRun refused = CommandLineRun.of("coefficients", hidden.toString());
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains(hidden + ": expected a network without hidden layers and embeddings")
        .contains("but found 784-2-10 relu, categorical");
  }

  @Test
  void refusesRowsOfAnotherWidth() throws IOException {
    Path csv = Files.writeString(folder.resolve("narrow.csv"), "1,2,3\n");
    CommandLineRun refused = CommandLineRun.of("predict", run.toString(), csv.toString());
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .startsWith("lockstep: " + csv + ": expected rows of width 784")
        .contains("but found 3");
  }

  @Test
  void refusesAFolderThatHoldsSomething() {
    CommandLineRun again = train("--out", run.toString());
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.err()).contains(run + ": expected an empty or new folder");
  }

  @Test
  void exitsWithThreeWhenTheLossIsNotFinite() {
    Path diverged = folder.resolve("diverged");
    CommandLineRun run =
        train("--set", "optimizer.learningRate=1e38", "--out", diverged.toString());
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("not finite", "layer output").doesNotContain("\tat ");
    assertThat(run.out()).contains("folder   " + diverged);
    assertThat(diverged.resolve("weights.safetensors")).exists();
  }

  private static String weightsOf(Path folder) throws IOException {
    return JSON.readTree(folder.resolve("run.json").toFile()).path("weightsSha256").asText();
  }
}
