package io.lockstep.benchmarks.peers;

import io.lockstep.benchmarks.BenchmarkNetwork;
import io.lockstep.benchmarks.CommandRuns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Two worker processes and a parameter-server process on two cores, as {@code launch} starts them,
 * beside one worker on one core, and beside two processes of PyTorch.
 */
final class ProcessesPart implements Part {

  private static final List<BenchmarkNetwork> NETWORKS =
      List.of(BenchmarkNetwork.W2, BenchmarkNetwork.W3);

  /** The transport that a launch chooses by itself. */
  private static final String AUTO = "auto";

  private static final String ONE = "one";
  private static final String TWO = "two";
  private static final String DDP = "DDP";
  private static final int TRAINING_SECONDS = 30;
  private static final int QUICK_TRAINING_SECONDS = 18;
  private static final double DDP_SECONDS = 3;
  private static final int FIRST_STEPS = 10;

  @Override
  public void measure(Setting setting) throws IOException, InterruptedException {
    setting.requireTwoCores();
    Markdown out = setting.out();
    out.heading(2, "Processes");
    out.paragraph(
        "Samples/s over the last third of %d s, the command as users start it: one worker in one JVM on one core; two worker processes and a parameter-server process, without standby, on two cores; PyTorch's DistributedDataParallel with gloo in two processes, each on a core of its own. The same rows for each worker."
            .formatted(seconds(setting)));
    setting.remarkOnTorch();
    Markdown.Table table =
        new Markdown.Table(
            "network",
            "1 worker",
            "2 and a server",
            "ratio",
            "PyTorch DDP",
            "ours to DDP",
            "quiet rounds");
    for (BenchmarkNetwork net : NETWORKS) {
      if (setting.options().networks().contains(net)) {
        table.row(row(setting, net));
      }
    }
    out.table(table);
  }

  private static String[] row(Setting setting, BenchmarkNetwork net)
      throws IOException, InterruptedException {
    CommandRuns runs = new CommandRuns(net, net.batch(), seconds(setting));
    List<String> options = options(setting);
    Turns turns =
        setting.turns(2).add(ONE, runs::ofOneWorker).add(TWO, () -> runs.ofTwoProcesses(options));
    try (Contestants contestants = new Contestants()) {
      if (setting.peers().hasTorch()) {
        Peers.TorchPair pair = contestants.add(setting.peers().torchDdp(setting.twoCores(), net));
        turns.add(DDP, () -> samplesPerSecond(pair, net));
      }
      Rounds rounds = turns.run(setting.options().longRepetitions());
      return cells(net, rounds, setting.peers().hasTorch());
    }
  }

  private static List<String> options(Setting setting) {
    List<String> options = new ArrayList<>(List.of("--set", "cluster.standbys=0"));
    String transport = setting.options().transports().getFirst();
    if (!transport.equals(AUTO)) {
      options.addAll(List.of("--transport", transport));
    }
    return options;
  }

  private static String[] cells(BenchmarkNetwork net, Rounds rounds, boolean beside) {
    return new String[] {
      net.name(),
      rounds.of(ONE).text("%,.0f"),
      rounds.of(TWO).text("%,.0f"),
      rounds.ratio(TWO, ONE).text("%.2f"),
      beside ? rounds.of(DDP).text("%,.0f") : "",
      beside ? rounds.ratio(TWO, DDP).text("%.2f") : "",
      rounds.quiet()
    };
  }

  private static double samplesPerSecond(Peers.TorchPair pair, BenchmarkNetwork net)
      throws InterruptedException {
    pair.ask("" + FIRST_STEPS);
    double each = pair.ask("" + FIRST_STEPS) / FIRST_STEPS;
    long steps = Math.max(FIRST_STEPS, Math.round(DDP_SECONDS / each));
    return 2.0 * net.batch() * steps / pair.ask("" + steps);
  }

  private static int seconds(Setting setting) {
    return setting.options().quick() ? QUICK_TRAINING_SECONDS : TRAINING_SECONDS;
  }
}
