package io.lockstep.cluster;

import io.lockstep.kernels.Kernels;

/**
 * What a run is computed with; none of it changes a bit of the result.
 *
 * @param workers number of workers, each with its own thread and replica
 * @param servers number of parameter servers
 * @param bucketBytes wanted bytes of a bucket of θ
 * @param kernels the kernels of this node
 */
public record RunSettings(int workers, int servers, long bucketBytes, Kernels kernels) {}
