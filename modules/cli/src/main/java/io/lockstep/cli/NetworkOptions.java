package io.lockstep.cli;

import io.lockstep.cluster.HostPort;
import io.lockstep.cluster.launch.BindAddress;
import io.lockstep.cluster.launch.LaunchPlan;
import io.lockstep.cluster.launch.NodeCommands;
import io.lockstep.cluster.launch.SshCommand;
import io.lockstep.config.Configuration;
import io.lockstep.wire.WireSettings.Transport;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How the nodes of a launch are reached, by ssh and by one another. */
final class NetworkOptions {

  @Option(
      names = "--transport",
      paramLabel = "KIND",
      converter = Words.OfTransport.class,
      description = "Data plane over auto, tcp or unix sockets (default: auto).")
  private Transport transport = Transport.AUTO;

  @Option(names = "--encrypt", description = "Encrypt the data plane, too.")
  private boolean encrypt;

  @Option(
      names = "--bind",
      paramLabel = "HOST",
      description =
          "Address that nodes listen on; auto finds the right one (default: 127.0.0.1, with --hosts auto).")
  private String bind;

  @Option(
      names = "--port",
      paramLabel = "P",
      description = "Port of the first node's control plane (default: a free one).")
  private int port;

  @Option(
      names = "--ssh-option",
      paramLabel = "WORD",
      description = "A word for ssh's command line; may be repeated.")
  private List<String> sshOptions = new ArrayList<>();

  void requireNumbers() {
    if (port < 0 || port > HostPort.MOST) {
      throw new BadInputException(
          "--port: expected a number from 1 to %d but found %d".formatted(HostPort.MOST, port));
    }
  }

  SshCommand ssh() {
    String home = System.getProperty("lockstep.home", System.getProperty("user.dir"));
    return SshCommand.of(System.getenv(SshCommand.VARIABLE), sshOptions, home);
  }

  /**
   * What all nodes are told.
   *
   * @param local whether all of them are on this machine
   * @param faults whether failures are to happen to them on purpose
   */
  NodeCommands.Network ofNodes(boolean local, boolean faults) {
    return new NodeCommands.Network(address(local), port, transport, encrypt, faults);
  }

  private String address(boolean local) {
    if (bind != null) {
      return bind;
    }
    return local ? BindAddress.LOOPBACK : BindAddress.AUTO;
  }

  int port() {
    return port;
  }

  /** What each host is asked. */
  List<String> checkArguments(Configuration configuration) {
    List<String> arguments = new ArrayList<>();
    configuration.data().toOverrides().forEach(key -> arguments.addAll(List.of("--set", key)));
    if (bind != null) {
      arguments.addAll(List.of("--bind", bind));
    }
    return arguments;
  }

  /** What the training needs to know of the nodes; their seed and key are known later. */
  LaunchedRun.Wanted nodes(LaunchPlan plan) {
    boolean local = plan.hosts().stream().allMatch(host -> host.isLocal());
    return new LaunchedRun.Wanted(
        plan.workers(), plan.servers(), address(local), transport, encrypt);
  }
}
