package io.lockstep.cluster;

import io.lockstep.kernels.Kernels;
import io.lockstep.training.Buckets;
import io.lockstep.training.DataPlane;
import io.lockstep.training.Job;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.ShardReports;
import io.lockstep.training.trace.Tracer;
import java.util.function.LongPredicate;

/**
 * What a node's shards and workers share in a run.
 *
 * @param run which run
 * @param prepared its job
 * @param buckets the cut of θ
 * @param plane how nodes meet
 * @param number of the node
 * @param tracer notes what it does
 */
record NodeParts(
    RunIdentity run,
    PreparedJob prepared,
    Buckets buckets,
    DataPlane plane,
    int number,
    Tracer tracer) {

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

  /** What is to be told of a shard, served or as a standby; as {@link ShardReports}. */
  ShardReports reports(int shard, int standby, LongPredicate urgent, Runnable wake) {
    var subject = new ShardReports.Subject(number, shard, standby, leads(shard));
    return new ShardReports(subject, urgent, wake, System::nanoTime);
  }
}
