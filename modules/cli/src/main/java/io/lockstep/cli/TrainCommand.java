package io.lockstep.cli;

import io.lockstep.DivergedException;
import io.lockstep.Training;
import io.lockstep.cluster.NodeFault;
import io.lockstep.config.Configuration;
import io.lockstep.config.Overrides;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
      "  lockstep train --data rides.csv --formula 'cnt ~ factor(hr)' --family poisson",
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

  @Option(
      names = "--chaos",
      paramLabel = "FAULT",
      converter = Chaos.Converter.class,
      description =
          "Make the run fail on purpose, to see it get over that. "
              + Chaos.FORMS
              + " Each worker and parameter server then has sockets of its own, as with --over-sockets; to kill a parameter server or to cut the network takes processes: see launch.")
  private List<Chaos> chaos = new ArrayList<>();

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
    List<Interruption> interruptions =
        chaos.stream().flatMap(one -> one.interruptions().stream()).toList();
    requireSense(interruptions);
    if (waiting == null) {
      Training.warmUp(configuration);
    }
    Training training = options.training(configuration, terminal);
    if (overSockets || !interruptions.isEmpty()) {
      training.overSockets();
    }
    if (!interruptions.isEmpty()) {
      InterruptedNodes nodes =
          new InterruptedNodes.Here(training, configuration.cluster().workers());
      Interruptions.check(interruptions, nodes.workers(), List.of());
      training.addListener(new Interruptions(interruptions, terminal::warn, training, nodes));
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

  private void requireSense(List<Interruption> interruptions) {
    if (waiting != null && !interruptions.isEmpty()) {
      throw new BadInputException("--chaos: expected no --join: only own workers are made to fail");
    }
    for (Interruption one : interruptions) {
      if (one instanceof Fault fault && fault.what() instanceof NodeFault.Cut) {
        throw new BadInputException(
            "--chaos: expected kill, pause, slow, drop, delay or hold, but found cut at step %d: within one process there is no network to cut; see launch"
                .formatted(fault.step()));
      }
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
