package io.lockstep.cli;

import io.lockstep.Training;
import io.lockstep.cluster.launch.JavaCommand;
import io.lockstep.config.Configuration;
import io.lockstep.data.DataRequest;
import io.lockstep.data.Partitions;
import io.lockstep.model.BuildInfo;
import io.lockstep.model.Machine;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunLock;
import io.lockstep.report.scale.Deployment;
import io.lockstep.report.scale.Deployment.Places;
import io.lockstep.report.scale.ScaleCell;
import io.lockstep.report.scale.ScaleResults;
import io.lockstep.wire.WireSettings.Transport;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lockstep scale}. */
@Command(
    name = "scale",
    description = "Measures how a network trains with more workers, and draws it.",
    footer = {
      "",
      "Every combination of workers, servers and batches is a cell; each cell has --repeat runs, which take turns, each in a process of its own. In DIR are the runs, the page scale.html, its first charts as scale.png and scale.svg, and all figures as scale.csv and scale.json. With --out the same command again goes on where it was broken off.",
      "",
      "Examples:",
      "  lockstep scale digits --workers 1,2",
      "  lockstep scale mnist --workers 1,2 --processes --batch 128,512",
      "  lockstep scale mnist --workers 1,2 --until accuracy=0.97"
    })
final class ScaleCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Program program;

  @Spec private CommandSpec spec;

  @Mixin private ConfOptions conf = new ConfOptions();

  @Mixin private ScaleOptions options = new ScaleOptions();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for all that (default: runs/NAME-scaled-TIME).")
  private Path out;

  @ArgGroup(exclusive = false)
  private Launched launched;

  /** Processes for workers and servers. */
  static final class Launched {

    @Option(
        names = "--processes",
        required = true,
        description =
            "Start processes for workers and parameter servers, as launch does, instead of one for all.")
    private boolean processes;

    @Option(
        names = "--workers-per-node",
        paramLabel = "T",
        description = "Workers in each worker process (default: 1).")
    private int workersPerNode = 1;

    @Option(
        names = "--transport",
        paramLabel = "KIND",
        converter = Words.OfTransport.class,
        description = "auto, tcp or unix, as for launch (default: auto).")
    private Transport transport = Transport.AUTO;
  }

  ScaleCommand(Terminal terminal, Program program) {
    this.terminal = terminal;
    this.program = program;
  }

  @Override
  public Integer call() {
    requireSense();
    ScaleGrid grid =
        new ScaleGrid(
            conf.argument(), conf.settings(), conf.jars(), options.mode(), options.axes());
    grid.cells().forEach(cell -> requireSense(grid.configuration(cell, grid.settings(cell))));
    ScaleConditions conditions =
        new ScaleConditions(processes(), Machine.ofProcess(), BuildInfo.ofProgram());
    List<String> remarks = grid.remarks(conditions.machine().cores());
    remarks.forEach(terminal::warn);
    Path folder = folder(grid);
    if (ScaleConditions.areIn(folder)) {
      conditions.claim(folder).close(); // One that is refused is so before data are fetched.
    }
    requireData(grid);
    System.gc(); // What was read takes memory, and room for scratch files, that runs need.
    try (RunLock held = conditions.claim(folder)) {
      return measure(grid, conditions, remarks, folder);
    }
  }

  /**
   * Has the data there that all runs read, and refuses cells that do not fit them, before the first
   * process: a download is shown, and no run waits for one.
   */
  private void requireData(ScaleGrid grid) {
    Partitions data = null;
    for (ScaleCell cell : grid.cells()) {
      Configuration configuration = grid.configuration(cell, grid.settings(cell));
      Training fits = data == null ? training(configuration) : Training.create(configuration, data);
      data = fits.data();
    }
  }

  private Training training(Configuration configuration) {
    DownloadView downloads = new DownloadView(terminal);
    return Training.create(configuration, DataRequest.ofProcess().withProgress(downloads));
  }

  private int measure(
      ScaleGrid grid, ScaleConditions conditions, List<String> remarks, Path folder) {
    ScaleExperiment experiment = new ScaleExperiment(folder, grid, runner(), terminal);
    ScaleStop stop = new ScaleStop(() -> kept(experiment), terminal);
    try (stop) {
      ScaleExperiment.Measured measured = experiment.run(options.length(), options.rounds());
      ScaleResults results = new ScaleResults(setup(grid, conditions), measured.runs());
      List<String> all = Stream.concat(remarks.stream(), measured.remarks().stream()).toList();
      new ScaleFiles(folder).write(results, measured.curves(), all);
      return show(results, folder);
    } catch (ScaleException broken) {
      if (stop.isAsked()) {
        return ExitCode.INTERRUPTED;
      }
      throw broken;
    }
  }

  /** Where it is stopped. */
  private String kept(ScaleExperiment experiment) {
    int all = experiment.count(options.rounds());
    return "%d of %s are finished, and stay; the same command with --out %s goes on from there"
        .formatted(
            experiment.finished(options.rounds()), Figures.count(all, "run"), experiment.folder());
  }

  private void requireSense() {
    options.requireSense();
    ScaleKeys.requireFree(conf.settings(), options.length());
    int each = launched == null ? 1 : launched.workersPerNode;
    if (each < 1) {
      throw new BadInputException("--workers-per-node: expected 1 or more but found " + each);
    }
    for (int workers : options.workers()) {
      if (workers % each != 0) {
        throw new BadInputException(
            "--workers: expected multiples of --workers-per-node (%d) but found %d"
                .formatted(each, workers));
      }
    }
  }

  private void requireSense(Configuration configuration) {
    if (options.length() instanceof ScaleLength.Until(ScaleTarget target)) {
      target.requireFigure(configuration);
    }
  }

  private Path folder(ScaleGrid grid) {
    return out != null
        ? out
        : RunFolder.usualPath(RunArgument.RUNS, grid.name() + "-scaled", LocalDateTime.now());
  }

  private ScaleChild.Processes processes() {
    return launched != null && launched.processes
        ? new ScaleChild.Processes(launched.workersPerNode, launched.transport)
        : null;
  }

  private ScaleRunner runner() {
    JavaCommand java = JavaCommand.ofProcess(program.mainClass());
    return new ScaleChild(java, conf.argument(), conf.jarFiles(), processes());
  }

  private ScaleResults.Setup setup(ScaleGrid grid, ScaleConditions conditions) {
    String command =
        "lockstep " + ShellWords.join(spec.root().commandLine().getParseResult().originalArgs());
    String target =
        options.length() instanceof ScaleLength.Until(ScaleTarget until) ? until.toString() : null;
    return new ScaleResults.Setup(
        grid.name(),
        options.mode(),
        target,
        command,
        conditions.machine(),
        conditions.build(),
        deployment(grid));
  }

  /** The same for all cells. */
  private Deployment deployment(ScaleGrid grid) {
    ScaleCell any = grid.cells().getFirst();
    Configuration configuration = grid.configuration(any, grid.settings(any));
    return new Deployment(
        processes() == null ? Places.ONE_PROCESS : Places.ONE_MACHINE,
        processes() == null ? 0 : processes().workersEach(),
        configuration.cluster().standbys() > 0,
        configuration.train().gradients().toString());
  }

  private int show(ScaleResults results, Path folder) {
    terminal.out().println();
    ScaleText.table(results).lines().forEach(terminal.out()::println);
    terminal.out().println();
    terminal.out().println("report: " + new ScaleFiles(folder).page());
    List<String> unequal = ScaleText.unequal(results);
    unequal.forEach(
        line -> terminal.warn("expected the same weights but found others, of " + line));
    return unequal.isEmpty() ? ExitCode.OK : ExitCode.FAILURE;
  }
}
