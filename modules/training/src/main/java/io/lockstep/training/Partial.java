package io.lockstep.training;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The gradient of one node of the tree, handed on bucket by bucket, by reference: all of packed θ
 * where a replica computed it, or the one bucket that a shard received.
 *
 * <p>It comes from a {@link PartialPool}; whoever consumes a bucket of it releases that bucket.
 * When all buckets are released it is free again.
 */
public final class Partial {

  private final float[] values;
  private final PartialPool home;
  private final AtomicInteger held = new AtomicInteger();
  private int from;

  /** The step that the gradient belongs to; set by whoever hands it on. */
  long step;

  /** While a bucket waits for its sibling: which of the two it is, by its index in their level. */
  private final int[] indices;

  /**
   * @param buckets that it holds
   * @param home where it goes when all of them are released; null for nowhere
   */
  Partial(float[] values, int buckets, PartialPool home) {
    this.values = values;
    this.indices = new int[buckets];
    this.home = home;
  }

  /** Sets which node a bucket is the sum of, by the index in its level. */
  void index(int bucket, int index) {
    indices[indices.length == 1 ? 0 : bucket] = index;
  }

  /** As it was set. */
  int index(int bucket) {
    return indices[indices.length == 1 ? 0 : bucket];
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

  /**
   * Taken from its home.
   *
   * @param begin position in packed θ of the first value
   * @param buckets so many releases bring it back
   */
  void hold(int begin, int buckets) {
    from = begin;
    held.set(buckets);
  }
}
