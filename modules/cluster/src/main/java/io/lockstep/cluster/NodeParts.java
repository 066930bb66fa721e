package io.lockstep.cluster;

import io.lockstep.kernels.Kernels;
import io.lockstep.training.Buckets;
import io.lockstep.training.DataPlane;
import io.lockstep.training.Job;
import io.lockstep.training.RunIdentity;

/**
 * What a node's shards and workers share in a run.
 *
 * @param run which run
 * @param prepared its job
 * @param buckets the cut of θ
 * @param plane how nodes meet
 * @param number of the node
 */
record NodeParts(
    RunIdentity run, PreparedJob prepared, Buckets buckets, DataPlane plane, int number) {

  Job job() {
    return prepared.job();
  }

  /** Whether a shard is the one of the first bucket. */
  boolean leads(int shard) {
    return buckets.shardOf(0) == shard;
  }

  Kernels kernels() {
    return prepared.kernels();
  }
}
