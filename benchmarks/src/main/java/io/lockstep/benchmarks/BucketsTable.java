package io.lockstep.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Samples/s of two worker processes and a parameter-server process with buckets of several sizes:
 * the command as users start it, the sizes taken in turn, the median of each size and the ratio to
 * the best.
 */
public final class BucketsTable {

  private static final int[] KILOBYTES = {64, 256, 512, 1024, 4096};

  private BucketsTable() {}

  /**
   * @param arguments network (W1 to W4), rows of each worker, repetitions
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    BenchmarkNetwork net = BenchmarkNetwork.valueOf(arguments.length > 0 ? arguments[0] : "W2");
    int rows = arguments.length > 1 ? Integer.parseInt(arguments[1]) : net.batch();
    int repetitions = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
    CommandRuns runs = new CommandRuns(net, rows);
    List<List<Double>> rates = new ArrayList<>();
    for (int size = 0; size < KILOBYTES.length; size++) {
      rates.add(new ArrayList<>());
    }
    for (int i = 0; i < repetitions; i++) {
      for (int size = 0; size < KILOBYTES.length; size++) {
        String bytes = "cluster.bucketBytes=" + (KILOBYTES[size] << 10);
        rates.get(size).add(runs.ofTwoProcesses(List.of("--set", bytes)));
      }
    }
    double best = rates.stream().mapToDouble(Spread::median).max().orElseThrow();
    System.out.printf("%s, %d rows a worker%n bucket  samples/s  of the best%n", net, rows);
    for (int size = 0; size < KILOBYTES.length; size++) {
      double median = Spread.median(rates.get(size));
      System.out.printf(
          Locale.ROOT, "%4d KB %,10.0f %11.2f%n", KILOBYTES[size], median, median / best);
    }
  }
}
