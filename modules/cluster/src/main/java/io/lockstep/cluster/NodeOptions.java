package io.lockstep.cluster;

import io.lockstep.cluster.keys.ClusterKey;
import io.lockstep.wire.WireSettings.Transport;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a node is told when it starts.
 *
 * @param name unlike any other in the cluster
 * @param roles at least one
 * @param coordinates whether this node may have the cluster's coordinator, and votes on who belongs
 *     to the cluster
 * @param slots workers in this process, if it has that role
 * @param bind address that both planes listen on
 * @param port of the control plane; 0 for a free one
 * @param dataPort of the data plane; 0 for a free one
 * @param advertise address that peers are told; that of {@code bind} unless something stands
 *     between, such as a container's network
 * @param advertisePort of the control plane; 0 for the one that is bound
 * @param advertiseDataPort of the data plane; 0 for the one that is bound
 * @param join nodes of the cluster to join; empty for the first node of a new cluster
 * @param joinSeconds how long it tries to join before it gives up and ends
 * @param key of the cluster; only where everything stays on the loopback interface may it be absent
 * @param transport of the data plane
 * @param encrypt whether the data plane is encrypted, too
 * @param faults whether failures are to happen to it on purpose: else its control plane cannot be
 *     cut
 * @param data the folder of data sets; empty for where they are usually found
 */
public record NodeOptions(
    String name,
    Set<Role> roles,
    boolean coordinates,
    int slots,
    String bind,
    int port,
    int dataPort,
    String advertise,
    int advertisePort,
    int advertiseDataPort,
    List<HostPort> join,
    int joinSeconds,
    Optional<ClusterKey> key,
    Transport transport,
    boolean encrypt,
    boolean faults,
    Optional<Path> data) {

  /** Copies the collections. */
  public NodeOptions {
    roles = Set.copyOf(roles);
    join = List.copyOf(join);
  }
}
