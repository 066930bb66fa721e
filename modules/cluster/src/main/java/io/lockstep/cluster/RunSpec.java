package io.lockstep.cluster;

import io.lockstep.training.Fingerprint;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.RunShape;

/**
 * A run as it is handed to a cluster.
 *
 * @param name of the run
 * @param identity drawn anew for each run
 * @param configuration in HOCON, complete
 * @param fingerprint what every node has to agree on
 * @param shape nodes, shards, steps, evaluations
 * @param bucketBytes wanted bytes of a bucket of θ
 * @param servers wanted number of parameter servers
 * @param patienceSeconds how long to wait for enough nodes
 */
public record RunSpec(
    String name,
    RunIdentity identity,
    String configuration,
    Fingerprint fingerprint,
    RunShape shape,
    long bucketBytes,
    int servers,
    int patienceSeconds) {}
