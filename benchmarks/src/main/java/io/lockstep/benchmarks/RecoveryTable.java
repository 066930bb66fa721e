package io.lockstep.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How long training stands when a process is killed with signal 9, and whether that costs a bit:
 * first workers, then parameter servers, of which each has a standby. Afterwards the same number of
 * steps once more in one JVM, where nothing dies.
 *
 * <p>Standing is the longest time between two steps around the kill, as the leading shard counts
 * them: it holds the rest of the step that the kill broke off, its being noticed, and the computing
 * of what the dead worker left open, or the turning to the standby.
 */
public final class RecoveryTable {

  static final int WORKERS = 3;

  private RecoveryTable() {}

  /**
   * @param arguments network (W1 to W4), number of kills of each kind, {@code worker} or {@code
   *     server} for one kind alone
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    BenchmarkNetwork net = BenchmarkNetwork.valueOf(arguments.length > 0 ? arguments[0] : "W1");
    int kills = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
    String only = arguments.length > 2 ? arguments[2] : "";
    System.out.printf("%s, %d workers%n", net, WORKERS);
    List<Recovery> recoveries = new ArrayList<>();
    if (!only.equals("server")) {
      try (CommandProcesses processes = new CommandProcesses()) {
        recoveries.add(new WorkerKills(processes, configuration(processes, net)).measure(kills));
      }
    }
    if (!only.equals("worker")) {
      try (CommandProcesses processes = new CommandProcesses()) {
        recoveries.add(new ServerKills(processes, configuration(processes, net)).measure(kills));
      }
    }
    recoveries.forEach(System.out::println);
  }

  private static String configuration(CommandProcesses processes, BenchmarkNetwork net)
      throws IOException {
    return CommandRuns.write(
        processes.file("recovery.conf"), net, WORKERS * net.batch(), "reportEvery = 1");
  }
}
