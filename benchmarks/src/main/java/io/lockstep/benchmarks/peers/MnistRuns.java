package io.lockstep.benchmarks.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lockstep.StepsToAccuracy;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs on MNIST of 784-512-256-10 with SGD, learning rate 0.05, momentum 0.9, 128 rows a step, as
 * users start them: the command, and PyTorch's script. Closing removes what they leave.
 */
final class MnistRuns implements AutoCloseable {

  /** The test accuracies that are waited for. */
  static final List<Double> ACCURACIES = List.of(0.97, 0.98);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_STEPS = 10_000;

  private final Setting setting;
  private final Path home = Path.of(System.getProperty("lockstep.home"));
  private final Path folder = Files.createTempDirectory("lockstep-mnist-");
  private final Map<Integer, List<Integer>> steps = new HashMap<>();
  private int runs;

  MnistRuns(Setting setting) throws IOException {
    this.setting = setting;
  }

  /** Seconds from the command to its first step. */
  double firstStep(Cores cores, int workers) throws IOException, InterruptedException {
    return lockstep(cores, workers, configuration(1, 1, 1)).seconds().getFirst();
  }

  /** Seconds from the start of PyTorch's process to its first step. */
  double torchFirstStep(Path mnist) throws IOException, InterruptedException {
    return torch(mnist, 1).seconds().getFirst();
  }

  /**
   * A run of the command until its weights have the last of the accuracies; its seconds are those
   * to each of them.
   */
  TimedRun toAccuracies(Cores cores, int workers, int seed)
      throws IOException, InterruptedException {
    List<Integer> reached = stepsToAccuracies(seed);
    int last = reached.getLast();
    TimedRun run =
        lockstep(cores, workers, configuration(seed, last, StepsToAccuracy.EVERY), reached);
    double accuracy = JSON.readTree(run.last()).path("test").path("accuracy").asDouble();
    if (accuracy < ACCURACIES.getLast()) {
      throw new IllegalStateException(
          "seed %d, %d steps: expected an accuracy of %s but found %s"
              .formatted(seed, last, ACCURACIES.getLast(), accuracy));
    }
    return run;
  }

  /** The same of PyTorch; what the test takes is not counted. */
  TimedRun torchToAccuracies(Path mnist, int seed) throws IOException, InterruptedException {
    TimedRun run = torch(mnist, seed, ACCURACIES.toArray(Double[]::new));
    String[] memory = run.last().split(" ");
    List<Double> reached = run.seconds().subList(1, run.seconds().size());
    return new TimedRun(reached, Double.parseDouble(memory[1]), run.last());
  }

  private TimedRun torch(Path mnist, int seed, Double... accuracies)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("mnist", mnist.toString(), "" + seed));
    Stream.of(accuracies).map(String::valueOf).forEach(arguments::add);
    ProcessBuilder command =
        setting.peers().torchProcess(setting.oneCore(), arguments.toArray(String[]::new));
    return TimedRun.of(command, MnistRuns::testSeconds);
  }

  private static double testSeconds(String line) {
    String[] words = line.split(" ");
    return switch (words[0]) {
      case "first" -> 0;
      case "reached" -> Double.parseDouble(words[3]);
      default -> TimedRun.SILENT;
    };
  }

  private TimedRun lockstep(Cores cores, int workers, Path configuration, List<Integer> timed)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(cores.pin());
    command.addAll(List.of(home.resolve("bin/lockstep").toString(), "train"));
    command.add(configuration.toString());
    command.addAll(List.of("--json", "--workers", "" + workers));
    command.addAll(List.of("--out", folder.resolve("run" + runs++).toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(folder.resolve("errors.log").toFile());
    return TimedRun.of(builder, line -> timed.contains(stepOf(line)) ? 0 : TimedRun.SILENT);
  }

  private TimedRun lockstep(Cores cores, int workers, Path configuration)
      throws IOException, InterruptedException {
    return lockstep(cores, workers, configuration, List.of(1));
  }

  /** The step that a line tells; 0 if it tells none. */
  private static int stepOf(String line) {
    try {
      JsonNode told = JSON.readTree(line);
      return told.path("event").asText().equals("step") ? told.path("step").asInt() : 0;
    } catch (IOException e) {
      throw new IllegalStateException("expected a line of JSON but found " + line, e);
    }
  }

  /** By seed, found once: outside of what is timed. */
  List<Integer> stepsToAccuracies(int seed) throws IOException, InterruptedException {
    List<Integer> known = steps.get(seed);
    if (known == null) {
      known = findSteps(configuration(seed, MOST_STEPS, StepsToAccuracy.EVERY));
      steps.put(seed, known);
    }
    return known;
  }

  private List<Integer> findSteps(Path configuration) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(configuration.toString()));
    ACCURACIES.forEach(accuracy -> arguments.add(accuracy.toString()));
    Process process =
        new ProcessBuilder(
                OwnJvm.command(
                    setting.oneCore(), StepsToAccuracy.class, arguments.toArray(String[]::new)))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<Integer> found = new ArrayList<>();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      lines.lines().map(Integer::parseInt).forEach(found::add);
    }
    process.waitFor();
    if (found.size() < ACCURACIES.size() || found.contains(0)) {
      throw new IllegalStateException(
          "%s: expected steps to accuracies of %s but found %s"
              .formatted(configuration, ACCURACIES, found));
    }
    return found;
  }

  private Path configuration(int seed, int maxSteps, int reportEvery) throws IOException {
    String text =
        """
        data { name = mnist, validation = 0 }
        network.layers = [{ type = dense, units = 512 }, { type = dense, units = 256 }]
        optimizer { name = momentum, learningRate = 0.05 }
        train { batch = 128, epochs = 100, seed = %d, maxSteps = %d, reportEvery = %d }
        """
            .formatted(seed, maxSteps, reportEvery);
    return Files.writeString(folder.resolve("mnist-%d-%d.conf".formatted(seed, maxSteps)), text);
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
