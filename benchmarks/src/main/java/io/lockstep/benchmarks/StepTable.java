package io.lockstep.benchmarks;

import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.util.Statistics;

/**
 * Runs {@link StepBenchmark} and prints the median samples/s and GFLOP/s of each network; takes
 * JMH's options.
 */
public final class StepTable {

  private StepTable() {}

  /** Runs it. */
  public static void main(String[] args) throws RunnerException, CommandLineOptionException {
    OptionsBuilder options = new OptionsBuilder();
    options.parent(new CommandLineOptions(args)).include(StepBenchmark.class.getName());
    Collection<RunResult> results = new Runner(options.build()).run();
    System.out.printf(
        "%n%-4s %-10s %14s %10s %22s%n",
        "net", "kernels", "samples/s", "GFLOP/s", "min .. max GFLOP/s");
    results.forEach(StepTable::print);
  }

  private static void print(RunResult result) {
    BenchmarkNetwork net = BenchmarkNetwork.valueOf(result.getParams().getParam("net"));
    Statistics micros = result.getPrimaryResult().getStatistics();
    System.out.printf(
        Locale.ROOT,
        "%-4s %-10s %14.0f %10.1f %14.1f .. %.1f%n",
        net,
        result.getParams().getParam("kernels"),
        net.batch() / (micros.getPercentile(50) * 1e-6),
        gigaflops(net, micros.getPercentile(50)),
        gigaflops(net, micros.getMax()),
        gigaflops(net, micros.getMin()));
  }

  private static double gigaflops(BenchmarkNetwork net, double micros) {
    return net.batch() * net.operationsPerRow() / micros / 1000;
  }
}
