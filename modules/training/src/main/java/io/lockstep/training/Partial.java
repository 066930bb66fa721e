package io.lockstep.training;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The gradient of one node of the tree, handed on bucket by bucket, by reference: all of packed θ
 * where a replica computed it, or the one bucket that a shard received.
 *
 * <p>It comes from a pool ({@link PartialPool}, {@link BucketPool}); whoever consumes a bucket of
 * it releases that bucket. When all buckets are released it is free again.
 */
public final class Partial {

  private final float[] values;
  private final int from;
  private final BucketPool home;
  private final AtomicInteger held = new AtomicInteger();

  /** The step that the gradient belongs to; set by whoever hands it on. */
  long step;

  /** A replica's partial, over all of packed θ. */
  Partial(int length) {
    this(new float[length], 0, null);
  }

  /**
   * @param from position in packed θ of the first value
   * @param home where it goes when it is released; null if its pool looks for free ones itself
   */
  Partial(float[] values, int from, BucketPool home) {
    this.values = values;
    this.from = from;
    this.home = home;
  }

  /** The gradient: position p of packed θ stands at {@code p - from()}. */
  public float[] values() {
    return values;
  }

  /** Position in packed θ of the first value. */
  public int from() {
    return from;
  }

  /** Gives back one bucket; the caller no longer touches its range. */
  public void release() {
    if (held.decrementAndGet() == 0 && home != null) {
      home.put(this);
    }
  }

  boolean take(int buckets) {
    return held.compareAndSet(0, buckets);
  }
}
