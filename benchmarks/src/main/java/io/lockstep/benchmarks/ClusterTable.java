package io.lockstep.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Two worker processes and a parameter-server process beside one worker in one JVM that is pinned
 * to one core, with the same rows for each worker: the command as users start it, taken in turn.
 * Then a launch once more, with the {@link CoreTimes} that it takes.
 */
public final class ClusterTable {

  private static final int RECORDED_SECONDS = 10;

  private ClusterTable() {}

  /**
   * @param arguments network (W1 to W4), rows of each worker, repetitions (0: only where the time
   *     goes), and options of launch
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    BenchmarkNetwork net = BenchmarkNetwork.valueOf(arguments.length > 0 ? arguments[0] : "W2");
    int rows = arguments.length > 1 ? Integer.parseInt(arguments[1]) : net.batch();
    int repetitions = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
    List<String> options =
        List.of(Arrays.copyOfRange(arguments, Math.min(3, arguments.length), arguments.length));
    CommandRuns runs = new CommandRuns(net, rows);
    String name = String.format(Locale.ROOT, "%s, %d rows a worker", net, rows);
    if (repetitions > 0) {
      printRates(name, runs, repetitions, options);
    }
    System.out.println(name + ": " + runs.coreTimes(options, RECORDED_SECONDS));
  }

  private static void printRates(
      String name, CommandRuns runs, int repetitions, List<String> options)
      throws IOException, InterruptedException {
    List<Double> ones = new ArrayList<>();
    List<Double> twos = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < repetitions; i++) {
      double one = runs.ofOneWorker();
      double two = runs.ofTwoProcesses(options);
      ones.add(one);
      twos.add(two);
      ratios.add(two / one);
      System.out.printf(
          Locale.ROOT, "%s: one %,.0f/s, two processes %,.0f/s, %.2f%n", name, one, two, two / one);
    }
    System.out.printf(
        Locale.ROOT,
        "%s: one %,.0f/s, two processes %,.0f/s, ratio %.2f (%.2f to %.2f)%n",
        name,
        Spread.median(ones),
        Spread.median(twos),
        Spread.median(ratios),
        ratios.stream().min(Double::compare).orElseThrow(),
        ratios.stream().max(Double::compare).orElseThrow());
  }
}
