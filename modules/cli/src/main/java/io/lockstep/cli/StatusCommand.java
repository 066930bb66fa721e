package io.lockstep.cli;

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
      "  lockstep status                               all launched runs in runs/",
      "  lockstep status runs/mnist-20260101-120000"
    })
final class StatusCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(arity = "0..1", paramLabel = "RUN", description = "The folder of a run.")
  private Path run;

  StatusCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    List<Path> runs = run != null ? List.of(run) : launched(RunArgument.RUNS);
    if (runs.isEmpty()) {
      terminal.out().println("no launched runs in " + RunArgument.RUNS + "/");
      return ExitCode.OK;
    }
    if (run != null) {
      new LaunchStatus(run).details().forEach(terminal.out()::println);
      return ExitCode.OK;
    }
    Table table = LaunchStatus.table();
    runs.forEach(folder -> new LaunchStatus(folder).addTo(table));
    table.lines().forEach(terminal.out()::println);
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
}
