package io.lockstep.cli;

import io.lockstep.DivergedException;
import io.lockstep.Training;
import io.lockstep.config.Configuration;
import io.lockstep.config.Overrides;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lockstep train}. */
@Command(
    name = "train",
    description = "Trains a network and keeps the run in a folder.",
    footer = {
      "",
      "Examples:",
      "  lockstep train                                drawn digits, one hidden layer",
      "  lockstep train conf/mnist-quick.conf --workers 2",
      "  lockstep train mnist --set train.epochs=5 --set train.seed=7 --out runs/seven",
      "  lockstep train linear --json | jq .loss       one JSON object a line",
      "  lockstep train --resume runs/seven            goes on where it was broken off",
      "",
      "The weights depend on the configuration, not on --workers or --servers. Ctrl-C ends a run cleanly: what was learned so far is kept."
    })
final class TrainCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Mixin private TrainOptions options = new TrainOptions();

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Number of workers (default: one for each core with work to do).")
  private Integer workers;

  @Option(
      names = "--servers",
      paramLabel = "M",
      description = "Number of parameter servers (default: cluster.servers, 1).")
  private Integer servers;

  @Option(
      names = "--over-sockets",
      description =
          "Have weights and gradients travel over loopback sockets within this process, as they do between processes, instead of by reference.")
  private boolean overSockets;

  @ArgGroup(exclusive = false, heading = "%nOn waiting nodes (see lockstep node):%n")
  private WaitingNodes waiting;

  private volatile Training current;
  private volatile boolean stopping;

  TrainCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Configuration configuration = options.configuration(numbers(), Overrides.NONE);
    Training training = options.training(configuration, terminal);
    if (overSockets) {
      training.overSockets();
    }
    if (waiting != null) {
      waiting.train(training, configuration);
    }
    Path folder = options.folder(configuration);
    current = training;
    StopOnSignal signals = new StopOnSignal(this::stop, folder, terminal);
    try {
      return run(configuration, training, folder, options.output().view(terminal));
    } finally {
      signals.close();
    }
  }

  private void stop() {
    stopping = true;
    current.stop();
  }

  /** On waiting nodes it goes on with those that are left, or that come. */
  private int run(Configuration configuration, Training first, Path folder, ProgressView view) {
    AtomicInteger lost = new AtomicInteger();
    int restarts = waiting == null ? 0 : waiting.restarts();
    return new Restarts(restarts, () -> stopping)
        .train(
            folder,
            first,
            training -> run(training, folder, view),
            broken -> {
              String why = broken.getMessage();
              Training next = options.newRun(configuration, terminal).restart(folder, why);
              terminal.line().clear();
              terminal
                  .err()
                  .println(
                      "lockstep: %s; waiting for nodes to go on with from step %,d"
                          .formatted(why, next.stepsBefore()));
              waiting.trainAgain(next, configuration, lost.incrementAndGet());
              current = next;
              if (stopping) {
                next.stop();
              }
              return next;
            });
  }

  private static int run(Training training, Path folder, ProgressView view) {
    try {
      RunSummary summary = training.addListener(view).run(folder).summary();
      view.showEnd(summary, folder.toString());
      boolean stopped = summary.status() == RunSummary.Status.STOPPED && !training.timeIsOver();
      return stopped ? ExitCode.INTERRUPTED : ExitCode.OK;
    } catch (DivergedException diverged) {
      view.showEnd(RunFolder.open(folder).readSummary(), folder.toString());
      throw diverged;
    }
  }

  private Overrides numbers() {
    Overrides numbers = Overrides.NONE;
    if (workers != null) {
      numbers = numbers.with("cluster.workers", workers, "--workers " + workers);
    }
    if (servers != null) {
      numbers = numbers.with("cluster.servers", servers, "--servers " + servers);
    }
    return numbers;
  }
}
