package io.lockstep.wire;

import io.lockstep.training.RunIdentity;

/**
 * Which shard of which run.
 *
 * @param runId of the run's {@link RunIdentity}
 * @param shard its number
 */
record ShardId(long runId, int shard) {

  static ShardId of(RunIdentity run, int shard) {
    return new ShardId(run.runId(), shard);
  }
}
