package io.lockstep.training;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A copy of a shard's weights and optimizer state at one version, taken bucket by bucket as each
 * commits it: training goes on meanwhile, and the copy stays until the next one is asked for.
 *
 * <p>Its memory is taken with the first snapshot and used again. Flags of a bucket are guarded by
 * that bucket's lock.
 */
final class ShardSnapshot {

  static final long NONE = -1;

  private final Shard shard;
  private final ShardBuckets buckets;
  private final Theta theta;
  private final boolean[] taken;
  private final AtomicInteger open = new AtomicInteger();
  private volatile long version = NONE;
  private float[][] arrays;

  ShardSnapshot(Shard shard, ShardBuckets buckets, Theta theta) {
    this.shard = shard;
    this.buckets = buckets;
    this.theta = theta;
    this.taken = new boolean[buckets.count()];
  }

  /** The version that is taken, or was last; {@link #NONE} if none is. */
  long version() {
    return version;
  }

  /** Takes nothing until {@link #begin}. */
  void cancel() {
    version = NONE;
  }

  /** Forgets what was taken, and takes {@code version} from now on. */
  void begin(long version) {
    cancel();
    for (int own = 0; own < taken.length; own++) {
      synchronized (buckets.lock(own)) {
        taken[own] = false;
      }
    }
    if (arrays == null) {
      arrays = new float[1 + shard.state().length][theta.held(shard.length())];
    }
    open.set(taken.length);
    this.version = version;
  }

  boolean taken(int own) {
    return taken[own];
  }

  /**
   * Copies a bucket if it has the version and was not copied yet; the caller holds its lock.
   *
   * @return whether it was the last of the shard's
   */
  boolean take(int own) {
    return buckets.version(own) == version && takeAsItIs(own);
  }

  /** As {@link #take}, at whatever version the bucket has. */
  boolean takeAsItIs(int own) {
    if (taken[own]) {
      return false;
    }
    taken[own] = true;
    int from = buckets.from(own);
    int length = buckets.length(own);
    int at = from - shard.from();
    float[] weights = theta.array(buckets.version(own));
    theta.copy(weights, from - theta.from(), arrays[0], at, length);
    for (int i = 1; i < arrays.length; i++) {
      theta.copy(shard.state()[i - 1], at, arrays[i], at, length);
    }
    return open.decrementAndGet() == 0;
  }

  /** An array of the whole snapshot of {@code version}, from the shard's first float on. */
  float[] array(long version, int array) {
    if (version < 0) { // NONE is no version.
      throw new IllegalArgumentException(
          "snapshot: expected a version from 0 on, found " + version);
    }
    if (version != this.version || open.get() > 0 || array < 0 || array >= arrays.length) {
      throw new IllegalArgumentException(
          "snapshot: expected one of version %d as a whole, found version %d, %d buckets missing"
              .formatted(version, this.version, open.get()));
    }
    return arrays[array];
  }
}
