package io.lockstep.it;

import io.lockstep.cluster.NodeAddresses;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A node that is started by hand and waits for runs, on the loopback interface and on free ports.
 *
 * @param process of it
 * @param addresses where it listens
 */
record WaitingNode(LockstepProcess process, NodeAddresses addresses) implements AutoCloseable {

  /** Starts the first node of a cluster: a parameter server. */
  static WaitingNode first(Path folder, Path key) throws Exception {
    return start(folder, List.of(), "server", "--role=parameter-server", "--key=" + key);
  }

  /**
   * Starts a worker of the cluster of this node.
   *
   * @param before folders whose resources are found before the program's own
   */
  WaitingNode worker(Path folder, List<Path> before, String name, Path key, String... more)
      throws Exception {
    return joining(folder, before, name, "worker", key, more);
  }

  /** Starts one more parameter server of the cluster of this node. */
  WaitingNode server(Path folder, String name, Path key) throws Exception {
    return joining(folder, List.of(), name, "parameter-server", key);
  }

  private WaitingNode joining(
      Path folder, List<Path> before, String name, String role, Path key, String... more)
      throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("--role=" + role, "--key=" + key, "--join=" + addresses.control()));
    arguments.addAll(List.of(more));
    return start(folder, before, name, arguments.toArray(String[]::new));
  }

  private static WaitingNode start(Path folder, List<Path> before, String name, String... arguments)
      throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of("node", "--name=" + name, "--bind=127.0.0.1", "--port=0", "--data-port=0"));
    all.addAll(List.of(arguments));
    LockstepProcess process =
        LockstepProcess.start(
            folder, before, LockstepProcess.SMALL_FLAGS, all.toArray(String[]::new));
    process.awaitOut("data 127.0.0.1:");
    NodeAddresses addresses =
        process.outSoFar().lines().flatMap(l -> NodeAddresses.parse(l).stream()).findFirst().get();
    return new WaitingNode(process, addresses);
  }

  @Override
  public void close() {
    process.close();
  }
}
