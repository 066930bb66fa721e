package io.lockstep.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How runs got over the loss of processes of one kind: how long each stood for each of them, and
 * whether the weights are those of one JVM where nothing died.
 */
final class Recovery {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String killed;
  private final List<Double> standing = new ArrayList<>();
  private long steps;
  private int disturbedRuns;
  private int runsWithOtherWeights;

  /**
   * @param killed such as {@code worker}
   */
  Recovery(String killed) {
    this.killed = killed;
  }

  int kills() {
    return standing.size();
  }

  /** A run stood for so many seconds. */
  void add(double seconds) {
    standing.add(seconds);
    System.out.printf(Locale.ROOT, "%s, kill %d: %.3f s%n", killed, kills(), seconds);
  }

  /**
   * A run has ended: does its steps again in one JVM, and compares.
   *
   * @param summary of the run
   * @param configuration file of the run
   */
  void compare(JsonNode summary, String configuration, CommandProcesses processes)
      throws IOException, InterruptedException {
    long done = summary.get("steps").asLong();
    Path again = processes.file("again-" + killed.replace(' ', '-') + "-" + disturbedRuns++);
    processes.run(
        List.of(
            "train",
            configuration,
            "--workers",
            "1",
            "--quiet",
            "--set",
            "train.maxSteps=" + done,
            "--out",
            again.toString()));
    JsonNode undisturbed = JSON.readTree(again.resolve("run.json").toFile());
    boolean same = undisturbed.get("weightsSha256").equals(summary.get("weightsSha256"));
    runsWithOtherWeights += same ? 0 : 1;
    steps += done;
    System.out.printf(
        Locale.ROOT,
        "%s, after %,d steps: weights %s%n",
        killed,
        done,
        same ? "as in one JVM" : "NOT AS IN ONE JVM");
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s: %d kills in %,d steps: standing %.3f s in the median, %.3f s at most; weights %s",
        killed,
        kills(),
        steps,
        Spread.median(standing),
        standing.stream().max(Double::compare).orElse(0.0),
        runsWithOtherWeights == 0
            ? "as in one JVM"
            : "NOT AS IN ONE JVM in %d of %d runs".formatted(runsWithOtherWeights, disturbedRuns));
  }
}
