package io.lockstep.cluster;

import io.lockstep.training.trace.TraceWindow;

/**
 * What a run wants of a cluster; none of it changes a bit of the result.
 *
 * @param workers workers that it waits for, over all nodes
 * @param servers parameter servers that it waits for
 * @param standbys of each parameter server's part of the weights that are wanted on other nodes: 0
 *     or 1
 * @param bucketBytes wanted bytes of a bucket of θ
 * @param patienceSeconds how long it waits for them
 * @param traced the steps that are traced
 */
public record RunRequest(
    int workers,
    int servers,
    int standbys,
    long bucketBytes,
    int patienceSeconds,
    TraceWindow traced) {

  /** A run of which nothing is traced. */
  public RunRequest(int workers, int servers, int standbys, long bucketBytes, int patienceSeconds) {
    this(workers, servers, standbys, bucketBytes, patienceSeconds, TraceWindow.NONE);
  }
}
