package io.lockstep.cluster.launch;

import io.lockstep.cluster.keys.ClusterKey;
import java.nio.file.Path;
import java.util.List;

/** A launcher of two nodes that does nothing but wait to be killed. */
final class StandInLauncher {

  private StandInLauncher() {}

  /** Argument: the folder of the logs. Prints the processes' numbers. */
  public static void main(String[] arguments) throws Exception {
    NodeProcesses nodes =
        NodeProcesses.start(
            List.of(Nodes.node("server-0", "fine"), Nodes.node("worker-0", "fine")),
            ClusterKey.create(),
            Path.of(arguments[0]),
            exit -> System.out.println("early " + exit.name()),
            NodeProcesses.Patience.USUAL);
    nodes.awaitReady().forEach(node -> System.out.println("pid " + node.pid()));
    System.in.read();
    nodes.close();
  }
}
