package io.lockstep.cluster.launch;

import io.lockstep.cluster.Role;

/**
 * A process that is to be started.
 *
 * @param name unlike any other of the run, such as {@code worker-0}
 * @param role what it is for
 * @param slots workers in it; 0 for a parameter server
 * @param host where
 */
public record PlannedNode(String name, Role role, int slots, Host host) {}
