package io.lockstep.cluster;

import io.lockstep.training.LateSteps;
import io.lockstep.training.ShardHost;
import io.lockstep.training.ShardReports;

/**
 * A shard of a run that a node has, served or as a standby.
 *
 * @param host the shard
 * @param reports what it tells
 * @param late knows how long its steps take
 */
record OwnShard(ShardHost host, ShardReports reports, LateSteps late) {

  OwnShard(ShardHost host, ShardReports reports) {
    this(host, reports, new LateSteps(host.step()));
  }

  /** Whether its open step is late, as of {@link LateSteps}. */
  boolean isLate() {
    return late.isLate(host.step(), host.evaluationsArrived(), System.nanoTime());
  }
}
