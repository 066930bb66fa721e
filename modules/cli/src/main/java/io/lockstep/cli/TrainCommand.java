package io.lockstep.cli;

import io.lockstep.DivergedException;
import io.lockstep.Training;
import io.lockstep.config.Configuration;
import io.lockstep.data.DataRequest;
import io.lockstep.data.DownloadProgress;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockstep train}. */
@Command(
    name = "train",
    description = "Trains a network and keeps the run in a folder.",
    footer = {
      "",
      "Examples:",
      "  lockstep train                                      drawn digits, one hidden layer",
      "  lockstep train conf/mnist-quick.conf --workers 2",
      "  lockstep train conf/mnist.conf --set train.epochs=5 --set train.seed=7 --out runs/seven",
      "  lockstep train conf/linear.conf --json | jq .loss   one JSON object a line",
      "",
      "The weights depend on the configuration, not on --workers or --servers. Ctrl-C ends a run",
      "cleanly: what was learned so far is kept."
    })
final class TrainCommand implements Callable<Integer> {

  private static final Path RUNS = Path.of("runs");

  private final Terminal terminal;

  @Parameters(
      arity = "0..1",
      paramLabel = "CONF",
      description = {
        "A configuration file, or the name of one that comes with lockstep:",
        "digits (the default), linear, mnist, mnist-quick."
      })
  private String conf = "digits";

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
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides a key of the configuration; may be repeated.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for the run, new or empty (default: runs/NAME-TIME).")
  private Path out;

  @ArgGroup private Output output = new Output();

  TrainCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** How to show progress; at most one. */
  static final class Output {

    @Option(names = "--quiet", description = "Show only the result.")
    private boolean quiet;

    @Option(names = "--json", description = "Show each event as a line of JSON.")
    private boolean json;
  }

  @Override
  public Integer call() {
    Configuration configuration = Configurations.load(conf, allOverrides());
    Training training = create(configuration);
    Path folder =
        out != null ? out : RunFolder.usualPath(RUNS, configuration.name(), LocalDateTime.now());
    StopOnSignal signals = new StopOnSignal(training, terminal.err());
    try {
      return run(training, folder, view());
    } finally {
      signals.close();
    }
  }

  private static int run(Training training, Path folder, ProgressView view) {
    try {
      RunSummary summary = training.addListener(view).run(folder).summary();
      view.showEnd(summary, folder.toString());
      boolean stopped = summary.status() == RunSummary.Status.STOPPED;
      return stopped ? ExitCode.INTERRUPTED : ExitCode.OK;
    } catch (DivergedException diverged) {
      view.showEnd(RunFolder.open(folder).readSummary(), folder.toString());
      throw diverged;
    }
  }

  private List<String> allOverrides() {
    List<String> all = new ArrayList<>();
    if (workers != null) {
      all.add("cluster.workers=" + workers);
    }
    if (servers != null) {
      all.add("cluster.servers=" + servers);
    }
    all.addAll(overrides);
    return all;
  }

  private Training create(Configuration configuration) {
    DownloadProgress progress = output.quiet ? DownloadProgress.SILENT : new DownloadView(terminal);
    try {
      return Training.create(configuration, DataRequest.ofProcess().withProgress(progress));
    } catch (IllegalArgumentException refused) {
      throw new BadInputException(refused.getMessage(), refused);
    }
  }

  private ProgressView view() {
    if (output.json) {
      return new ProgressView.Json(terminal);
    }
    if (output.quiet) {
      return new ProgressView.Quiet(terminal);
    }
    return terminal.interactive()
        ? new ProgressView.Live(terminal)
        : new ProgressView.Lines(terminal);
  }
}
