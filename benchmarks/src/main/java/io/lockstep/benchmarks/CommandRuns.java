package io.lockstep.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs of the command as users start it, on one of the benchmark's networks with the same rows for
 * each worker: one worker in one JVM pinned to one core, or two worker processes and a
 * parameter-server process.
 */
final class CommandRuns {

  private static final Pattern RATE =
      Pattern.compile("\"event\":\"step\".*\"samplesPerSecond\":([0-9.E]+)");

  /** Rows times parameters, from which on a step takes long. */
  private static final long LARGE = 1_000_000_000;

  private static final int STEPS_OF_SMALL = 2_000;
  private static final int STEPS_OF_LARGE = 60;
  private static final int REPORTS = 40;

  /** Times as many steps: outlasts the recording, and still ends if nobody ends it. */
  private static final int OUTLASTS = 20;

  private static final long LIMIT_SECONDS = 300;
  private static final long POLL_MILLIS = 100;

  private final Path home = Path.of(System.getProperty("lockstep.home"));
  private final Path folder;
  private final BenchmarkNetwork net;
  private final int rows;
  private final int steps;
  private int runs;

  CommandRuns(BenchmarkNetwork net, int rows) throws IOException {
    this.net = net;
    this.rows = rows;
    this.folder = Files.createTempDirectory("lockstep-runs-");
    boolean large = net.network().parameters().packedLength() * (long) rows > LARGE;
    this.steps = large ? STEPS_OF_LARGE : STEPS_OF_SMALL;
  }

  /** Samples/s of one worker in one JVM on one core. */
  double ofOneWorker() throws IOException, InterruptedException {
    return samplesPerSecond(List.of("taskset", "-c", "0"), "train", 1, List.of());
  }

  /** Samples/s of two worker processes with a parameter-server process. */
  double ofTwoProcesses(List<String> options) throws IOException, InterruptedException {
    return samplesPerSecond(List.of(), "launch", 2, options);
  }

  /** Of the second half of a run, when the JIT compiler is done: the median of its reports. */
  private double samplesPerSecond(
      List<String> prefix, String command, int workers, List<String> options)
      throws IOException, InterruptedException {
    Started started = start(prefix, command, workers, steps, options);
    try {
      if (!started.process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)
          || started.process.exitValue() != 0) {
        throw started.failure("expected it to end within " + LIMIT_SECONDS + " s");
      }
    } finally {
      started.process.destroy();
    }
    List<Double> rates = started.rates();
    return Medians.of(rates.subList(rates.size() / 2, rates.size()));
  }

  /**
   * Where the processes of a launch spend their cores' time, once the JIT compiler is done.
   *
   * @param seconds that are recorded
   */
  CoreTimes coreTimes(List<String> options, int seconds) throws IOException, InterruptedException {
    Started started = start(List.of(), "launch", 2, OUTLASTS * steps, options);
    try {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
      while (started.rates().size() < REPORTS) {
        if (!started.process.isAlive() || System.nanoTime() > deadline) {
          throw started.failure("expected " + REPORTS + " reports");
        }
        Thread.sleep(POLL_MILLIS); // Its output is a file: nothing tells that it has grown.
      }
      return CoreTimes.record(started.process.toHandle(), 2, seconds);
    } finally {
      started.process.destroy(); // The launcher ends its nodes.
      started.process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    }
  }

  private Started start(
      List<String> prefix, String command, int workers, int steps, List<String> options)
      throws IOException {
    Path out = folder.resolve("run" + runs++);
    List<String> words = new ArrayList<>(prefix);
    words.addAll(List.of(home.resolve("bin/lockstep").toString(), command));
    words.add(configuration(out, workers * rows, steps));
    words.addAll(List.of("--workers", "" + workers, "--quiet", "--out", out.toString()));
    words.addAll(options);
    Path log = Path.of(out + ".log");
    Process process =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new Started(words, process, log, out.resolve("metrics.jsonl"));
  }

  private String configuration(Path out, int batch, int maxSteps) throws IOException {
    StringBuilder layers = new StringBuilder();
    for (int units : net.hidden()) {
      layers.append("{ type = dense, units = ").append(units).append(" }, ");
    }
    String text =
        """
        network.layers = [%s]
        optimizer { name = momentum, learningRate = 0.001 }
        train { batch = %d, epochs = 1000000, maxSteps = %d, reportEvery = %d }
        data { validation = 0, digits { train = 60000, test = 128 } }
        """
            .formatted(layers, batch, maxSteps, Math.max(1, steps / REPORTS));
    return Files.writeString(Path.of(out + ".conf"), text).toString();
  }

  /** A run that has been started. */
  private record Started(List<String> words, Process process, Path log, Path metrics) {

    List<Double> rates() throws IOException {
      List<Double> rates = new ArrayList<>();
      if (Files.exists(metrics)) {
        for (String line : Files.readAllLines(metrics)) {
          Matcher found = RATE.matcher(line);
          if (found.find()) {
            rates.add(Double.parseDouble(found.group(1)));
          }
        }
      }
      return rates;
    }

    IllegalStateException failure(String expected) throws IOException {
      String command = String.join(" ", words);
      return new IllegalStateException(
          command + ": " + expected + ", found: " + Files.readString(log));
    }
  }
}
