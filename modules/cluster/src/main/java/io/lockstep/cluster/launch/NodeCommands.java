package io.lockstep.cluster.launch;

import io.lockstep.wire.WireSettings.Transport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Turns a plan into the command lines of its processes.
 *
 * @param java this program, for processes on this machine
 * @param ssh for those elsewhere
 * @param network what all nodes have in common
 */
public record NodeCommands(JavaCommand java, SshCommand ssh, Network network) {

  /**
   * What all nodes have in common.
   *
   * @param bind address that they listen on where the host says nothing else; {@code auto} for the
   *     right one to be found
   * @param port of the first node's control plane; 0 for a free one, as all the others get
   * @param transport of the data plane
   * @param encrypt whether the data plane is encrypted
   * @param faults whether failures are to happen to them on purpose
   */
  public record Network(
      String bind, int port, Transport transport, boolean encrypt, boolean faults) {}

  /** The command lines, in the order of the plan. */
  public List<NodeCommandLine> of(LaunchPlan plan) {
    List<NodeCommandLine> lines = new ArrayList<>();
    for (PlannedNode node : plan.nodes()) {
      lines.add(line(node, lines.isEmpty()));
    }
    return lines;
  }

  /** The command line of a node that joins others. */
  public NodeCommandLine of(PlannedNode node) {
    return line(node, false);
  }

  private NodeCommandLine line(PlannedNode node, boolean first) {
    List<String> arguments = arguments(node, first);
    return node.host().isLocal() ? here(node, arguments) : there(node, arguments);
  }

  private NodeCommandLine here(PlannedNode node, List<String> arguments) {
    Map<String, String> environment = new HashMap<>();
    node.host().data().ifPresent(data -> environment.put("LOCKSTEP_DATA", data));
    List<String> words = java.withOptions(node.host().javaOptions()).line(arguments);
    return new NodeCommandLine(node.name(), words, environment);
  }

  private NodeCommandLine there(PlannedNode node, List<String> arguments) {
    return new NodeCommandLine(node.name(), ssh.lockstep(node.host(), arguments), Map.of());
  }

  private List<String> arguments(PlannedNode node, boolean first) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("node", "--owned", "--name", node.name()));
    arguments.addAll(List.of("--role", node.role().word()));
    if (node.slots() > 0) {
      arguments.addAll(List.of("--slots", Integer.toString(node.slots())));
    }
    arguments.addAll(List.of("--bind", node.host().address().orElse(network.bind())));
    if (first && network.port() > 0) {
      arguments.addAll(List.of("--port", Integer.toString(network.port())));
    }
    arguments.addAll(List.of("--transport", network.transport().name().toLowerCase(Locale.ROOT)));
    if (network.encrypt()) {
      arguments.add("--encrypt");
    }
    if (network.faults()) {
      arguments.add("--faults");
    }
    return arguments;
  }
}
