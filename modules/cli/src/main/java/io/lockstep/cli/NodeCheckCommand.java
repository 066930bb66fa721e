package io.lockstep.cli;

import io.lockstep.cluster.launch.BindAddress;
import io.lockstep.cluster.launch.NodeReport;
import io.lockstep.config.Configuration;
import io.lockstep.data.DataException;
import io.lockstep.data.DataRequest;
import io.lockstep.model.BuildInfo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lockstep node-check}: what a launcher asks of a host before it starts nodes there. */
@Command(
    name = "node-check",
    hidden = true,
    description = "Says in one line of JSON whether a node could run here.",
    footer = {"", "Example:", "  lockstep node-check --set data.name=mnist --port 7355"})
final class NodeCheckCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A key data.* of the configuration; may be repeated.")
  private List<String> dataKeys = new ArrayList<>();

  @Option(names = "--bind", paramLabel = "HOST", description = "Address to listen on.")
  private String bind = BindAddress.AUTO;

  @Option(names = "--port", paramLabel = "P", description = "Port that must be free.")
  private int port;

  NodeCheckCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String dataSha256 = null;
    String dataProblem = null;
    try {
      Configuration configuration = Configuration.bundled("digits", dataKeys);
      dataSha256 = configuration.loadData(DataRequest.ofProcess().offline()).sha256();
    } catch (DataException missing) {
      dataProblem = missing.getMessage();
    }
    BuildInfo build = BuildInfo.ofProgram();
    terminal
        .out()
        .println(
            new NodeReport(
                    build.version(),
                    build.commit(),
                    Runtime.version().toString(),
                    System.currentTimeMillis(),
                    dataSha256,
                    dataProblem,
                    portProblem())
                .toJson());
    return ExitCode.OK;
  }

  private String portProblem() {
    String address =
        bind.equals(BindAddress.AUTO) ? BindAddress.find(List.of(), System.getenv()) : bind;
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
      return null;
    } catch (IOException taken) {
      return "cannot listen on %s, port %s: %s"
          .formatted(address, port == 0 ? "any" : Integer.toString(port), taken.getMessage());
    }
  }
}
