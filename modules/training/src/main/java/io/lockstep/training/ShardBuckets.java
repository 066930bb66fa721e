package io.lockstep.training;

/**
 * The buckets of a shard: the version that each has, and its lock. Within the shard they are
 * counted from 0 on; outside, a bucket's number counts those of all shards.
 *
 * <p>The version of a bucket changes under its lock.
 */
final class ShardBuckets {

  private final Buckets buckets;
  private final int first;
  private final Object[] locks;
  private final long[] versions;

  /**
   * @param shard which of the buckets' shards
   */
  ShardBuckets(Buckets buckets, int shard) {
    this.buckets = buckets;
    this.first = buckets.firstBucket(shard);
    int count = buckets.firstBucket(shard + 1) - first;
    this.versions = new long[count];
    this.locks = new Object[count];
    for (int own = 0; own < count; own++) {
      locks[own] = new Object();
    }
  }

  /** How θ is cut. */
  Buckets all() {
    return buckets;
  }

  int count() {
    return versions.length;
  }

  /**
   * Where a bucket stands among those of this shard.
   *
   * @throws IllegalArgumentException if it is another shard's
   */
  int own(int bucket) {
    int own = bucket - first;
    if (own < 0 || own >= versions.length) {
      throw new IllegalArgumentException(
          "bucket: expected one of the %d from %d on, found %d"
              .formatted(versions.length, first, bucket));
    }
    return own;
  }

  /** The number of one of this shard's. */
  int number(int own) {
    return first + own;
  }

  /** Position in packed θ. */
  int from(int own) {
    return buckets.from(first + own);
  }

  /** Number of floats. */
  int length(int own) {
    return buckets.to(first + own) - from(own);
  }

  Object lock(int own) {
    return locks[own];
  }

  long version(int own) {
    return versions[own];
  }

  void version(int own, long version) {
    versions[own] = version;
  }
}
