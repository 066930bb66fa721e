package io.lockstep.cli;

import io.lockstep.Inspection;
import io.lockstep.Model;
import io.lockstep.config.Configuration;
import io.lockstep.config.Overrides;
import io.lockstep.data.DataRequest;
import io.lockstep.data.Partitions;
import io.lockstep.model.RunFolder;
import io.lockstep.nn.Network;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
      "  lockstep inspect runs/digits-20260101-120000     also shows what came out",
      "  lockstep inspect mnist --graph mnist.svg         also draws its graph"
    })
final class InspectCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Mixin private ConfOptions conf = new ConfOptions();

  @Option(
      names = "--graph",
      paramLabel = "FILE",
      description = "Also draws the computational graph into a file.svg, or file.dot for Graphviz.")
  private Path graph;

  InspectCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    GraphFile file = graph == null ? null : GraphFile.of(graph);
    Configuration configuration = conf.load(Overrides.NONE);
    Path path = Path.of(conf.argument());
    boolean isRun = Files.isDirectory(path);
    inspect(configuration, isRun, file).forEach(terminal.out()::println);
    if (isRun && Files.exists(RunFolder.open(path).summaryFile())) {
      terminal.out().println();
      ProgressText.end(RunFolder.open(path).readSummary(), conf.argument())
          .forEach(terminal.out()::println);
    }
    if (file != null) {
      terminal.out().println();
      terminal.out().println("graph       " + graph);
    }
    return ExitCode.OK;
  }

  private List<String> inspect(Configuration configuration, boolean isRun, GraphFile file) {
    if (isRun && Files.exists(RunFolder.open(Path.of(conf.argument())).weightsFile())) {
      // A run knows its network without its data.
      Model model = Model.load(Path.of(conf.argument()), conf.jars());
      draw(file, configuration, model.network());
      return InspectionText.lines(Inspection.of(configuration, model.network()));
    }
    DataRequest request = DataRequest.ofProcess().withProgress(new DownloadView(terminal));
    Partitions data = configuration.loadData(request);
    Inspection inspection = Inspection.of(configuration, data);
    draw(file, configuration, configuration.toNetwork(data));
    return InspectionText.lines(inspection);
  }

  private static void draw(GraphFile file, Configuration configuration, Network network) {
    if (file != null) {
      file.write(configuration.name(), network);
    }
  }
}
