package io.lockstep.cluster.launch;

/**
 * Something about a host that is not as it should be.
 *
 * @param host that it is about
 * @param topic what was looked at
 * @param found what was found
 * @param remedy what to do
 * @param fatal whether the host cannot take part; otherwise it is only worth knowing
 */
public record HostFinding(Host host, String topic, String found, String remedy, boolean fatal) {}
