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
public final class CommandRuns {

  private static final Pattern RATE =
      Pattern.compile("\"event\":\"step\".*\"samplesPerSecond\":([0-9.E]+)");
  private static final Pattern STEP =
      Pattern.compile("\"event\":\"step\",\"step\":([0-9]+).*\"seconds\":([0-9.E-]+)");

  /** Rows times parameters, from which on a step takes long. */
  private static final long LARGE = 1_000_000_000;

  private static final int REPORT_EVERY_OF_SMALL = 50;
  private static final int REPORT_EVERY_OF_LARGE = 1;

  /**
   * How long a run trains: three JVMs that share two cores are half a minute at compiling. The rate
   * is that of the last third.
   */
  private static final int TRAINING_SECONDS = 45;

  /** Of a run that is recorded: outlasts the recording, and still ends if nobody ends it. */
  private static final int RECORDED_TRAINING_SECONDS = 240;

  private static final long LIMIT_SECONDS = 300;
  private static final long POLL_MILLIS = 100;

  private final Path home = Path.of(System.getProperty("lockstep.home"));
  private final Path folder;
  private final BenchmarkNetwork net;
  private final int rows;
  private final int reportEvery;
  private final int trainingSeconds;
  private int runs;

  CommandRuns(BenchmarkNetwork net, int rows) throws IOException {
    this(net, rows, TRAINING_SECONDS);
  }

  /**
   * @param rows of each worker
   * @param trainingSeconds how long a run trains
   */
  public CommandRuns(BenchmarkNetwork net, int rows, int trainingSeconds) throws IOException {
    this.trainingSeconds = trainingSeconds;
    this.net = net;
    this.rows = rows;
    this.folder = Files.createTempDirectory("lockstep-runs-");
    boolean large = net.network().parameters().packedLength() * (long) rows > LARGE;
    this.reportEvery = large ? REPORT_EVERY_OF_LARGE : REPORT_EVERY_OF_SMALL;
  }

  /** Samples/s of one worker in one JVM on one core. */
  public double ofOneWorker() throws IOException, InterruptedException {
    return samplesPerSecond(List.of("taskset", "-c", "0"), "train", 1, List.of());
  }

  /** Samples/s of two worker processes with a parameter-server process. */
  public double ofTwoProcesses(List<String> options) throws IOException, InterruptedException {
    return samplesPerSecond(List.of(), "launch", 2, options);
  }

  /**
   * Samples/s of one worker in one JVM over the last two thirds of a run: with all pauses, unlike
   * the others.
   */
  double meanOfOneWorker(List<String> options) throws IOException, InterruptedException {
    List<double[]> steps = finished(List.of(), "train", 1, options).steps();
    double[] from = steps.get(steps.size() / 3);
    double[] to = steps.getLast();
    return rows * (to[0] - from[0]) / (to[1] - from[1]);
  }

  /** Of the last third of a run, when the JIT compiler is done: the median of its reports. */
  private double samplesPerSecond(
      List<String> prefix, String command, int workers, List<String> options)
      throws IOException, InterruptedException {
    List<Double> rates = finished(prefix, command, workers, options).rates();
    return Spread.median(rates.subList(2 * rates.size() / 3, rates.size()));
  }

  private Started finished(List<String> prefix, String command, int workers, List<String> options)
      throws IOException, InterruptedException {
    Started started = start(prefix, command, workers, trainingSeconds, options);
    try {
      if (!started.process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)
          || started.process.exitValue() != 0) {
        throw started.failure("expected it to end within " + LIMIT_SECONDS + " s");
      }
    } finally {
      started.process.destroy();
    }
    return started;
  }

  /**
   * Where the processes of a launch spend their cores' time, once the JIT compiler is done.
   *
   * @param seconds that are recorded
   */
  CoreTimes coreTimes(List<String> options, int seconds) throws IOException, InterruptedException {
    Started started = start(List.of(), "launch", 2, RECORDED_TRAINING_SECONDS, options);
    try {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
      while (started.rates().isEmpty()) {
        if (!started.process.isAlive() || System.nanoTime() > deadline) {
          throw started.failure("expected a report");
        }
        Thread.sleep(POLL_MILLIS); // Its output is a file: nothing tells that it has grown.
      }
      TimeUnit.SECONDS.sleep(2L * TRAINING_SECONDS / 3);
      return CoreTimes.record(started.process.toHandle(), 2, seconds);
    } finally {
      started.process.destroy(); // The launcher ends its nodes.
      started.process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    }
  }

  private Started start(
      List<String> prefix, String command, int workers, int seconds, List<String> options)
      throws IOException {
    Path out = folder.resolve("run" + runs++);
    List<String> words = new ArrayList<>(prefix);
    words.addAll(List.of(home.resolve("bin/lockstep").toString(), command));
    words.add(configuration(out, workers * rows, seconds));
    words.addAll(List.of("--workers", "" + workers, "--quiet", "--out", out.toString()));
    words.addAll(options);
    Path log = Path.of(out + ".log");
    Process process =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new Started(words, process, log, out.resolve("metrics.jsonl"));
  }

  private String configuration(Path out, int batch, int seconds) throws IOException {
    String train = "maxTime = %ds, reportEvery = %d".formatted(seconds, reportEvery);
    return write(Path.of(out + ".conf"), net, batch, train);
  }

  /**
   * Writes the configuration of a run that does not end by itself.
   *
   * @param train further settings of training
   */
  static String write(Path file, BenchmarkNetwork net, int batch, String train) throws IOException {
    StringBuilder layers = new StringBuilder();
    for (int units : net.hidden()) {
      layers.append("{ type = dense, units = ").append(units).append(" }, ");
    }
    String text =
        """
        network.layers = [%s]
        optimizer { name = momentum, learningRate = 0.001 }
        train { batch = %d, epochs = 1000000, %s }
        data { validation = 0, digits { train = 60000, test = 128 } }
        """
            .formatted(layers, batch, train);
    return Files.writeString(file, text).toString();
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

    /** Number and seconds of each step that was reported. */
    List<double[]> steps() throws IOException {
      List<double[]> steps = new ArrayList<>();
      for (String line : Files.readAllLines(metrics)) {
        Matcher found = STEP.matcher(line);
        if (found.find()) {
          steps.add(
              new double[] {
                Double.parseDouble(found.group(1)), Double.parseDouble(found.group(2))
              });
        }
      }
      return steps;
    }

    IllegalStateException failure(String expected) throws IOException {
      String command = String.join(" ", words);
      return new IllegalStateException(
          command + ": " + expected + ", found: " + Files.readString(log));
    }
  }
}
