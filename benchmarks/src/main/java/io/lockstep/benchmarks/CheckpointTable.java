package io.lockstep.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What checkpoints cost: samples/s of a run with one every {@value #EVERY} steps beside one
 * without, taken in turn, over the last two thirds of each.
 */
public final class CheckpointTable {

  private static final int EVERY = 50;

  private CheckpointTable() {}

  /**
   * @param arguments network (W1 to W4), rows of a step, repetitions
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    BenchmarkNetwork net = BenchmarkNetwork.valueOf(arguments.length > 0 ? arguments[0] : "W3");
    int rows = arguments.length > 1 ? Integer.parseInt(arguments[1]) : net.batch();
    int repetitions = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
    CommandRuns runs = new CommandRuns(net, rows);
    List<Double> costs = new ArrayList<>();
    for (int i = 0; i < repetitions; i++) {
      double without = runs.meanOfOneWorker(with("everyMinutes=0"));
      double kept = runs.meanOfOneWorker(with("everySteps=" + EVERY));
      costs.add(100 * (1 - kept / without));
      System.out.printf(
          Locale.ROOT,
          "%s, %d rows: without %,.0f/s, every %d steps %,.0f/s, %.1f %% less%n",
          net,
          rows,
          without,
          EVERY,
          kept,
          costs.getLast());
    }
    System.out.printf(
        Locale.ROOT,
        "%s, %d rows: a checkpoint every %d steps costs %.1f %% in the median (%.1f to %.1f)%n",
        net,
        rows,
        EVERY,
        Spread.median(costs),
        costs.stream().min(Double::compare).orElseThrow(),
        costs.stream().max(Double::compare).orElseThrow());
  }

  private static List<String> with(String key) {
    return List.of("--set", "checkpoint." + key, "--set", "checkpoint.keepBest=false");
  }
}
