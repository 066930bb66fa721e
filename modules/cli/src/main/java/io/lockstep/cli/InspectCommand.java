package io.lockstep.cli;

import io.lockstep.Inspection;
import io.lockstep.Model;
import io.lockstep.config.Configuration;
import io.lockstep.config.Overrides;
import io.lockstep.data.DataRequest;
import io.lockstep.model.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockstep inspect}. */
@Command(
    name = "inspect",
    description =
        "Shows layers, parameters, memory, buckets, and the division of work, without training.",
    footer = {
      "",
      "Examples:",
      "  lockstep inspect conf/mnist.conf",
      "  lockstep inspect digits --set cluster.workers=8 --set train.microBatches=8",
      "  lockstep inspect runs/digits-20260101-120000     also shows what came out"
    })
final class InspectCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(
      paramLabel = "CONF|RUN",
      description = "A configuration file, the name of one that comes with lockstep, or a run.")
  private String argument;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides a key of the configuration; may be repeated.")
  private List<String> overrides = new ArrayList<>();

  @Mixin private JarOption jars = new JarOption();

  InspectCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Configuration configuration =
        Configurations.load(argument, Overrides.of(overrides), jars.read());
    Path path = Path.of(argument);
    boolean isRun = Files.isDirectory(path);
    inspect(configuration, isRun).forEach(terminal.out()::println);
    if (isRun && Files.exists(RunFolder.open(path).summaryFile())) {
      terminal.out().println();
      ProgressText.end(RunFolder.open(path).readSummary(), argument)
          .forEach(terminal.out()::println);
    }
    return ExitCode.OK;
  }

  private List<String> inspect(Configuration configuration, boolean isRun) {
    if (isRun && Files.exists(RunFolder.open(Path.of(argument)).weightsFile())) {
      // A run knows its network without its data.
      Model model = Model.load(Path.of(argument), jars.read());
      return InspectionText.lines(Inspection.of(configuration, model.network()));
    }
    DataRequest request = DataRequest.ofProcess().withProgress(new DownloadView(terminal));
    return InspectionText.lines(Inspection.of(configuration, configuration.loadData(request)));
  }
}
