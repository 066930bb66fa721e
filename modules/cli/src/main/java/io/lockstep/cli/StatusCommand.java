package io.lockstep.cli;

import io.lockstep.model.Metrics;
import io.lockstep.model.MetricsLog;
import io.lockstep.model.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code lockstep status}. */
@Command(
    name = "status",
    description = "Lists launched runs, or the nodes of one.",
    footer = {
      "",
      "Examples:",
      "  lockstep status                                     all launched runs in runs/",
      "  lockstep status runs/mnist-20260101-120000"
    })
final class StatusCommand implements Callable<Integer> {

  private static final Path RUNS = Path.of("runs");

  private final Terminal terminal;

  @Parameters(arity = "0..1", paramLabel = "RUN", description = "The folder of a run.")
  private Path run;

  StatusCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    List<Path> runs = run != null ? List.of(run) : launched(RUNS);
    if (runs.isEmpty()) {
      terminal.out().println("no launched runs in " + RUNS + "/");
      return ExitCode.OK;
    }
    Table table = new Table("run", "state", "step", "of", "nodes", "launcher");
    for (Path folder : runs) {
      LaunchRecord launch = LaunchRecord.read(folder);
      table.row(
          folder.toString(),
          state(launch),
          Figures.count(lastStep(folder)),
          Figures.count(launch.steps()),
          Figures.count(launch.nodes().size()),
          launch.machine() + " " + launch.pid());
    }
    table.lines().forEach(terminal.out()::println);
    if (run != null) {
      terminal.out().println();
      nodes(LaunchRecord.read(run)).lines().forEach(terminal.out()::println);
    }
    return ExitCode.OK;
  }

  private static List<Path> launched(Path runs) {
    if (!Files.isDirectory(runs)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(runs)) {
      return folders
          .filter(folder -> Files.isRegularFile(RunFolder.launchFile(folder)))
          .sorted()
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String state(LaunchRecord launch) {
    if (launch.state() == LaunchRecord.State.ENDED) {
      return "ended (%d)".formatted(launch.exitCode());
    }
    if (!launch.isAlive()) {
      return "killed";
    }
    return launch.state() == LaunchRecord.State.STARTING ? "starting" : "running";
  }

  private static long lastStep(Path folder) {
    Path metrics = folder.resolve(RunFolder.METRICS);
    return Files.exists(metrics)
        ? MetricsLog.read(metrics).stream().mapToLong(Metrics::step).max().orElse(0)
        : 0;
  }

  private static Table nodes(LaunchRecord launch) {
    Table table = new Table("node", "host", "process", "control", "data");
    launch
        .nodes()
        .forEach(
            node ->
                table.row(
                    node.name(),
                    node.host(),
                    Long.toString(node.pid()),
                    node.control(),
                    node.data()));
    return table;
  }
}
