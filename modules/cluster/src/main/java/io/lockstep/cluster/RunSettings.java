package io.lockstep.cluster;

import io.lockstep.kernels.Kernels;

/**
 * What a run is computed with in one JVM; none of it changes a bit of the result.
 *
 * @param workers number of workers, each with its own thread and replica
 * @param servers number of parameter servers
 * @param bucketBytes wanted bytes of a bucket of θ
 * @param kernels the kernels of this JVM
 * @param overSockets whether weights and gradients travel over loopback sockets, each worker and
 *     each server with a data plane of its own, instead of by reference
 */
public record RunSettings(
    int workers, int servers, long bucketBytes, Kernels kernels, boolean overSockets) {}
