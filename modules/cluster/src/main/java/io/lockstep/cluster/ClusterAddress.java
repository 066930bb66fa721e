package io.lockstep.cluster;

import io.lockstep.cluster.keys.ClusterKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a process takes part in the control plane.
 *
 * @param roles of Akka Cluster
 * @param bind address to listen at
 * @param port to listen at; 0 for a free one
 * @param advertise address that peers are told
 * @param advertisePort port that peers are told; 0 for the one that is bound
 * @param join nodes to join; empty for the first node
 * @param joinWithin how long it tries to join before it gives up and ends
 * @param key of the cluster
 * @param faults whether its connections are to be cut on purpose
 */
record ClusterAddress(
    Set<String> roles,
    String bind,
    int port,
    String advertise,
    int advertisePort,
    List<HostPort> join,
    Duration joinWithin,
    Optional<ClusterKey> key,
    boolean faults) {}
