package io.lockstep.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What standbys cost: samples/s of a launch with two workers whose parameter servers have standbys
 * beside one without, taken in turn. One server's standby is on a worker; two are each other's.
 */
public final class StandbysTable {

  private StandbysTable() {}

  /**
   * @param arguments network (W1 to W4), rows of each worker, repetitions, numbers of servers
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    BenchmarkNetwork net = BenchmarkNetwork.valueOf(arguments.length > 0 ? arguments[0] : "W2");
    int rows = arguments.length > 1 ? Integer.parseInt(arguments[1]) : net.batch();
    int repetitions = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 3;
    List<String> servers =
        arguments.length > 3
            ? Arrays.asList(arguments).subList(3, arguments.length)
            : List.of("1", "2");
    CommandRuns runs = new CommandRuns(net, rows);
    for (String number : servers) {
      String name =
          String.format(Locale.ROOT, "%s, %d rows a worker, servers: %s", net, rows, number);
      print(name, runs, repetitions, number);
    }
  }

  private static void print(String name, CommandRuns runs, int repetitions, String servers)
      throws IOException, InterruptedException {
    List<Double> without = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < repetitions; i++) {
      without.add(runs.ofTwoProcesses(options(servers, 0)));
      with.add(runs.ofTwoProcesses(options(servers, 1)));
      ratios.add(with.getLast() / without.getLast());
      System.out.printf(
          Locale.ROOT,
          "%s: without standbys %,.0f/s, with %,.0f/s, %.2f%n",
          name,
          without.getLast(),
          with.getLast(),
          ratios.getLast());
    }
    System.out.printf(
        Locale.ROOT,
        "%s: without standbys %,.0f/s, with %,.0f/s, ratio %.2f (%.2f to %.2f)%n",
        name,
        Spread.median(without),
        Spread.median(with),
        Spread.median(ratios),
        ratios.stream().min(Double::compare).orElseThrow(),
        ratios.stream().max(Double::compare).orElseThrow());
  }

  private static List<String> options(String servers, int standbys) {
    return List.of("--servers", servers, "--set", "cluster.standbys=" + standbys);
  }
}
