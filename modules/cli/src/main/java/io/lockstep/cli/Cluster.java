package io.lockstep.cli;

import io.lockstep.Training;
import io.lockstep.cluster.ClusterNode;
import io.lockstep.cluster.HostPort;
import io.lockstep.cluster.NodeAddresses;
import io.lockstep.cluster.NodeOptions;
import io.lockstep.cluster.keys.ClusterKey;
import io.lockstep.model.RunSummary;
import io.lockstep.wire.WireSettings.Transport;
import java.nio.file.Path;

/** What the commands need of a cluster; tests put a simpler one in its place. */
interface Cluster {

  /**
   * Starts a node in this process and returns when it listens.
   *
   * @throws io.lockstep.cluster.launch.LaunchException if it cannot, for instance since a port is
   *     taken
   */
  ClusterNode start(NodeOptions options);

  /** A training by nodes that are up. */
  Run run(Training training, Nodes nodes);

  /** A training by nodes; {@link Training#stop} stops it as any other. */
  interface Run {

    /** Trains to the end, and keeps the run as {@link Training#run(Path)} does. */
    RunSummary train(Path folder);

    /** What the launcher saw die is dead at once, before any failure detector says so. */
    void nodeEnded(NodeAddresses node);
  }

  /**
   * The nodes that were started.
   *
   * @param seed control plane of the first
   * @param key of all of them
   * @param workers workers to wait for, over all nodes
   * @param servers parameter servers to wait for
   * @param bind address that this process listens on, or {@code auto}
   * @param transport of the data plane
   * @param encrypt whether the data plane is encrypted
   */
  record Nodes(
      HostPort seed,
      ClusterKey key,
      int workers,
      int servers,
      String bind,
      Transport transport,
      boolean encrypt) {}
}
