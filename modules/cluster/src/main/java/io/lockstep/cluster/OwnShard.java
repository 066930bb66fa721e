package io.lockstep.cluster;

import io.lockstep.training.ShardHost;

/**
 * A shard of a run that a node has, served or as a standby.
 *
 * @param host the shard
 * @param reports what it tells
 */
record OwnShard(ShardHost host, ShardReports reports) {}
