package io.lockstep.training;

import java.util.BitSet;

/**
 * The state that a shard starts from, where that was kept: takes it bucket by bucket, in any order.
 * Guarded by the lock of {@link ShardHost}, and each bucket by its own.
 */
final class ShardRestore {

  private final long steps;
  private final Buckets buckets;
  private final Shard shard;
  private final Theta theta;
  private final BitSet restored = new BitSet();

  /**
   * @param steps of the run: the last version that there can be
   */
  ShardRestore(long steps, Buckets buckets, Shard shard, Theta theta) {
    this.steps = steps;
    this.buckets = buckets;
    this.shard = shard;
    this.theta = theta;
  }

  private int arrays() {
    return 1 + shard.state().length;
  }

  /**
   * Takes one array of a bucket of this shard.
   *
   * @param array 0 for θ, then the optimizer's state
   * @param values holds the bucket at {@code at}; copied
   * @throws IllegalArgumentException if there is no such array or version
   */
  void take(long version, int bucket, int array, float[] values, int at) {
    if (array < 0 || array >= arrays() || version < 0 || version > steps) {
      throw new IllegalArgumentException(
          "restore: expected one of %d arrays of a version up to %d, found %d of version %d"
              .formatted(arrays(), steps, array, version));
    }
    int from = buckets.from(bucket);
    int length = buckets.to(bucket) - from;
    if (array == 0) {
      theta.copy(values, at, theta.array(version), from - theta.from(), length);
    } else {
      theta.copy(values, at, shard.state()[array - 1], from - shard.from(), length);
    }
    restored.set((bucket - shard.firstBucket()) * arrays() + array);
  }

  /** Whether all of the shard is there. */
  boolean isWhole() {
    return restored.cardinality() == shard.bucketCount() * arrays();
  }
}
