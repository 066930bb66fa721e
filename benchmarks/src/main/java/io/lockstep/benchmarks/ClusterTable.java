package io.lockstep.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Two worker processes and a parameter-server process beside one worker in one JVM that is pinned
 * to one core, with the same rows for each worker: the command as users start it, taken in turn.
 * Rates are those of the second half of a run, when the JIT compiler is done.
 */
public final class ClusterTable {

  private static final Pattern RATE =
      Pattern.compile("\"event\":\"step\".*\"samplesPerSecond\":([0-9.E]+)");
  private static final int STEPS_OF_SMALL = 2_000;
  private static final int STEPS_OF_LARGE = 60;
  private static final int LARGE = 512;
  private static final long LIMIT_SECONDS = 300;

  private final Path home;
  private final Path folder;
  private final String net;
  private final int rows;
  private final List<String> options;

  private ClusterTable(Path home, Path folder, String net, int rows, List<String> options) {
    this.home = home;
    this.folder = folder;
    this.net = net;
    this.rows = rows;
    this.options = options;
  }

  /**
   * @param arguments network (W2, W3, …), rows of each worker, repetitions, and options of launch
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    String net = arguments.length > 0 ? arguments[0] : "W2";
    int rows = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 128;
    int repetitions = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
    List<String> options =
        arguments.length > 3
            ? List.of(Arrays.copyOfRange(arguments, 3, arguments.length))
            : List.of();
    Path home = Path.of(System.getProperty("lockstep.home"));
    Path folder = Files.createTempDirectory("lockstep-cluster-table");
    new ClusterTable(home, folder, net, rows, options).run(repetitions);
  }

  private void run(int repetitions) throws IOException, InterruptedException {
    List<Double> ones = new ArrayList<>();
    List<Double> twos = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < repetitions; i++) {
      double one = rate("one-" + i, List.of("taskset", "-c", "0"), "train", rows, List.of());
      double two = rate("two-" + i, List.of(), "launch", 2 * rows, options);
      ones.add(one);
      twos.add(two);
      ratios.add(two / one);
      System.out.printf(
          Locale.ROOT, "%s  one %,.0f/s  two %,.0f/s  %.2f%n", net, one, two, two / one);
    }
    System.out.printf(
        Locale.ROOT,
        "%s, %d rows a worker: one %,.0f/s, two processes %,.0f/s, ratio %.2f (%.2f to %.2f)%n",
        net,
        rows,
        median(ones),
        median(twos),
        median(ratios),
        ratios.stream().min(Double::compare).orElseThrow(),
        ratios.stream().max(Double::compare).orElseThrow());
  }

  private double rate(
      String name, List<String> prefix, String command, int batch, List<String> more)
      throws IOException, InterruptedException {
    Path out = folder.resolve(name);
    List<String> words = new ArrayList<>(prefix);
    words.addAll(List.of(home.resolve("bin/lockstep").toString(), command, conf(batch)));
    words.addAll(List.of("--workers", command.equals("train") ? "1" : "2", "--quiet"));
    words.addAll(List.of("--out", out.toString()));
    words.addAll(more);
    Path log = folder.resolve(name + ".log");
    Process process =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroy();
      throw new IllegalStateException(words + " failed: " + Files.readString(log));
    }
    List<Double> rates = new ArrayList<>();
    for (String line : Files.readAllLines(out.resolve("metrics.jsonl"))) {
      Matcher found = RATE.matcher(line);
      if (found.find()) {
        rates.add(Double.parseDouble(found.group(1)));
      }
    }
    return median(rates.subList(rates.size() / 2, rates.size()));
  }

  private String conf(int batch) throws IOException {
    boolean large = rows >= LARGE;
    int steps = large ? STEPS_OF_LARGE : STEPS_OF_SMALL;
    StringBuilder layers = new StringBuilder();
    for (int units : BenchmarkNetwork.valueOf(net).hidden()) {
      layers.append("{ type = dense, units = ").append(units).append(" }, ");
    }
    String text =
        """
        network.layers = [%s]
        optimizer { name = momentum, learningRate = 0.001 }
        train { batch = %d, epochs = 1000, maxSteps = %d, reportEvery = %d }
        data { validation = 0, digits { train = 60000, test = 128 } }
        """
            .formatted(layers, batch, steps, large ? 4 : 50);
    return Files.writeString(folder.resolve("batch" + batch + ".conf"), text).toString();
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
