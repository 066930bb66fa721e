package io.lockstep.cluster;

/**
 * What a run wants of a cluster; none of it changes a bit of the result.
 *
 * @param workerNodes nodes with workers that it waits for
 * @param servers parameter servers that it waits for
 * @param bucketBytes wanted bytes of a bucket of θ
 * @param patienceSeconds how long it waits for them
 */
public record RunRequest(int workerNodes, int servers, long bucketBytes, int patienceSeconds) {}
