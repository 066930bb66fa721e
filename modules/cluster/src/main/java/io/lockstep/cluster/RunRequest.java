package io.lockstep.cluster;

/**
 * What a run wants of a cluster; none of it changes a bit of the result.
 *
 * @param workers workers that it waits for, over all nodes
 * @param servers parameter servers that it waits for
 * @param standbys of each parameter server's part of the weights that are wanted on other nodes: 0
 *     or 1
 * @param bucketBytes wanted bytes of a bucket of θ
 * @param patienceSeconds how long it waits for them
 */
public record RunRequest(
    int workers, int servers, int standbys, long bucketBytes, int patienceSeconds) {}
