package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary;
import io.lockstep.report.scale.ScaleResults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real runs, each in a process of its own, and what is refused before there is any. */
@Timeout(240)
final class ScaleCommandTest {

  @TempDir private Path folder;

  private CommandLineRun scale(String... more) {
    List<String> arguments = new ArrayList<>(List.of("scale", "digits"));
    Collections.addAll(arguments, "--out", folder.toString());
    for (String key :
        List.of("data.digits.train=400", "data.digits.test=50", "network.layers=[]")) {
      Collections.addAll(arguments, "--set", key);
    }
    Collections.addAll(arguments, more);
    return CommandLineRun.of(arguments.toArray(String[]::new));
  }

  @Test
  void measuresOneAndTwoWorkersAndVerifiesTheirWeights() throws IOException {
    String[] words = {"--workers=1,2", "--batch=128", "--steps=60", "--repeat=1"};
    CommandLineRun run = scale(words);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.lines())
        .filteredOn(line -> line.contains("round 1: "))
        .hasSize(2)
        .first()
        .asString()
        .startsWith("1 worker, 1 server, batch 128, round 1: ");
    assertThat(run.out()).contains("speed-up", "report: " + folder.resolve("scale.html"));
    ScaleResults results = ScaleResults.of(Files.readString(folder.resolve("scale.json")));
    assertThat(results.runs()).hasSize(2).allMatch(one -> one.end().steps() == 60);
    assertThat(results.runs()).allMatch(one -> one.end().weightsSha256().length() == 64);
    assertThat(results.unequalWeights()).isEmpty();
    assertThat(results.runs()).allMatch(one -> one.parts() != null);
    assertThat(Files.readString(folder.resolve("scale.html")))
        .contains("ended with the same weights, bit for bit", "Where a step goes", "--steps=60");
    assertThat(Files.readAllLines(folder.resolve("scale.csv"))).hasSize(3);
    assertThat(folder.resolve("scale.png")).isNotEmptyFile();

    Path summary = run(2).resolve("run.json");
    Files.writeString(summary, withLostWorker(Files.readString(summary)));
    Object written = Files.getLastModifiedTime(summary);
    assertThat(scale(words).exitCode()).isZero();
    assertThat(Files.getLastModifiedTime(summary)).isEqualTo(written);
    assertThat(Files.readString(folder.resolve("scale.html")))
        .contains("round 1: step 7: worker-1 was lost");

    String[] launched =
        Stream.concat(Stream.of(words), Stream.of("--processes")).toArray(String[]::new);
    CommandLineRun other = scale(launched);
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err()).contains("expected runs of the same processes, ");
  }

  private static String withLostWorker(String summary) {
    String lost = "{\"what\":\"lost\",\"step\":7,\"node\":\"worker-1\",\"detail\":\"\"}";
    String changed =
        summary.replaceFirst("\"events\"\\s*:\\s*\\[[^]]*]", "\"events\":[" + lost + "]");
    assertThat(changed).isNotEqualTo(summary);
    return changed;
  }

  private Path run(int workers) {
    return folder.resolve("workers-%d-servers-1-batch-128".formatted(workers)).resolve("round-1");
  }

  /** Weights and page as above; each run is a launch, as long as the first one finds out. */
  @Test
  void measuresRunsOfSeveralProcesses() throws IOException {
    CommandLineRun run =
        scale("--workers=1", "--batch=128", "--seconds=1", "--repeat=1", "--processes");

    assertThat(run.exitCode()).as(run.err()).isZero();
    ScaleResults results = ScaleResults.of(Files.readString(folder.resolve("scale.json")));
    assertThat(run.out()).contains("each run has %,d steps".formatted(steps(results)));
    assertThat(run(1).resolveSibling("pilot.json")).exists();
    assertThat(run(1).resolve("launch.json")).exists();
    assertThat(run(1).resolve("logs").resolve("worker-0.log")).exists();
  }

  private static long steps(ScaleResults results) {
    assertThat(results.runs()).hasSize(1);
    return results.runs().getFirst().end().steps();
  }

  /**
   * The first run is ended as soon as it has reached the target, long before its epochs are over;
   * the one that counts ends there by itself.
   */
  @Test
  void measuresUntilATarget() throws IOException {
    CommandLineRun run =
        scale(
            "--workers=1",
            "--batch=128",
            "--repeat=1",
            "--until=accuracy=0.2",
            "--set=train.epochs=1000000");

    assertThat(run.exitCode()).as(run.err()).isZero();
    Path cell = folder.resolve("workers-1-servers-1-batch-128");
    assertThat(summary(cell.resolve("pilot")).status()).isEqualTo(RunSummary.Status.STOPPED);
    assertThat(summary(cell.resolve("round-1")).status()).isEqualTo(RunSummary.Status.FINISHED);
    ScaleResults results = ScaleResults.of(Files.readString(folder.resolve("scale.json")));
    assertThat(results.runs())
        .singleElement()
        .satisfies(one -> assertThat(one.end().secondsToTarget()).isPositive());
  }

  private static RunSummary summary(Path run) {
    return RunFolder.open(run).readSummary();
  }

  /** As by Ctrl-C or SIGTERM: what it has started ends with it. */
  @Test
  void endsItsRunWhenItIsEnded() throws Exception {
    Process command =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--add-modules=jdk.incubator.vector",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName(),
                    "scale",
                    "digits",
                    "--workers=1",
                    "--steps=1000000000",
                    "--set=data.digits.train=400",
                    "--set=data.digits.test=50",
                    "--set=network.layers=[]",
                    "--out=" + folder))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said.txt").toFile())
            .start();
    try {
      Path metrics = folder.resolve("workers-1-servers-1-batch-128/round-1/metrics.jsonl");
      await()
          .atMost(Duration.ofSeconds(120))
          .until(() -> Files.exists(metrics) || !command.isAlive());
      List<ProcessHandle> runs = command.descendants().toList();
      assertThat(runs).as(Files.readString(folder.resolve("said.txt"))).isNotEmpty();

      command.destroy();

      command.waitFor();
      runs.forEach(run -> run.onExit().join());
      assertThat(runs).noneMatch(ProcessHandle::isAlive);
    } finally {
      command.destroy(); // And with it its run, whatever failed.
    }
    assertThat(Files.readAllLines(folder.resolve("said.txt")).getLast())
        .isEqualTo(
            "lockstep: stopping; 0 of 3 runs are finished, and stay; the same command with --out "
                + folder
                + " goes on from there");
  }

  @Test
  void tellsWhyARunHasFailed() {
    CommandLineRun run = scale("--workers=1", "--steps=20", "--set", "optimizer.learningRate=1e38");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("the run ended with exit code 3: ", "not finite");
  }

  @Test
  void refusesWhatItCannotMeasure() {
    for (String numbers : List.of("1,x", "1,,2", "0", "1,0", "2,2", "1,", "", "-1", "9999999999")) {
      String found = "but found '" + numbers + "'";
      refused("--workers': expected numbers of 1 or more, each once, ", "--workers=" + numbers);
      refused(found, "--workers=" + numbers);
      refused("--servers': expected ", "--workers=1", "--servers=" + numbers);
      refused("--batch': expected ", "--workers=1", "--batch=" + numbers);
    }
    refused("--steps: expected 2 or more but found 1", "--workers=1", "--steps=1");
    refused("--seconds: expected 1 to 3600 but found 0", "--workers=1", "--seconds=0");
    refused("found 3601; name --steps for longer runs", "--workers=1", "--seconds=3601");
    refused(
        "expected auto, tcp or unix but found 'foo'",
        "--workers=1",
        "--processes",
        "--transport=foo");
    refused(
        "--batch: expected at most 2,147,483,647 rows of all workers together",
        "--workers=3",
        "--mode=weak",
        "--batch=1000000000");
    refused(
        "--until loss=0.1: expected rows for validation",
        "--workers=1",
        "--until=loss=0.1",
        "--set=data.validation=0");
    refused(
        "--until accuracy=0.9: expected loss=L, since there is no accuracy",
        "--workers=1",
        "--until=accuracy=0.9",
        "--set=network.output.family=gaussian");
    refused("Missing required option: '--workers");
    refused("expected strong or weak but found 'week'", "--workers=1", "--mode=week");
    refused("expected accuracy=A or loss=L", "--workers=1", "--until=speed=3");
    refused(
        "--workers: expected multiples of --workers-per-node (2) but found 3",
        "--workers=2,3",
        "--processes",
        "--workers-per-node=2");
    refused(
        "--set train.batch=3: expected any key but train.batch, which this command has options for",
        "--workers=1",
        "--set=train.batch=3");
    for (String key :
        List.of(
            "checkpoint.everySteps=9",
            "checkpoint.everyMinutes: 1",
            "train.earlyStopping.patience=2",
            "train.restoreBest=true",
            "train.reportEvery=5",
            "train.maxTime=1s",
            "train.maxSteps=7",
            "train.epochs=3")) {
      refused("which this command sets itself in all runs", "--workers=1", "--set=" + key);
    }
    refused(
        "--set train.maxTime=1s: expected any key but train.maxTime, which this command sets",
        "--workers=1",
        "--until=accuracy=0.9",
        "--set=train.maxTime=1s");
    refused( // Which the configuration alone does not tell.
        " with optimizer.name = lbfgs", "--workers=1", "--batch=128", "--set=optimizer.name=lbfgs");
    refused("did you mean train.epochs?", "--workers=1", "--set=train.epcohs=3");
  }

  private void refused(String message, String... more) {
    CommandLineRun run = scale(more);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(message);
    assertThat(run.out()).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }
}
