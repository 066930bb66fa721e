package io.lockstep.training;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The gradient of one node of the tree: packed like θ, handed from a replica to the tree bucket by
 * bucket, by reference.
 *
 * <p>A replica takes it from its {@link PartialPool}; whoever consumes a bucket of it releases that
 * bucket. When all buckets are released it is free for the replica's next node.
 */
public final class Partial {

  private final float[] values;
  private final AtomicInteger held = new AtomicInteger();

  Partial(int length) {
    this.values = new float[length];
  }

  /** The gradient, at the positions of packed θ. */
  public float[] values() {
    return values;
  }

  /** Gives back one bucket; the caller no longer touches its range. */
  void release() {
    held.decrementAndGet();
  }

  boolean take(int buckets) {
    return held.compareAndSet(0, buckets);
  }
}
