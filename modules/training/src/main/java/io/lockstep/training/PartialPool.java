package io.lockstep.training;

import java.util.ArrayDeque;

/**
 * Partials of one length, used again and again: those of a node's replicas, over all of packed θ,
 * or those that a shard receives, each of one of its buckets. Thread-safe.
 *
 * <p>It grows to the most that are held at once and then stays. The one released last comes first:
 * it may still be in a cache.
 */
public final class PartialPool {

  private final int length;
  private final int buckets;
  private final ArrayDeque<Partial> free = new ArrayDeque<>();
  private int size;

  /**
   * @param length floats of each
   * @param buckets that each holds
   */
  public PartialPool(int length, int buckets) {
    this.length = length;
    this.buckets = buckets;
  }

  /**
   * A partial that nobody holds; its contents are whatever they were.
   *
   * @param from position in packed θ of its first value
   */
  Partial take(int from) {
    Partial partial = takeFree();
    if (partial == null) {
      partial = new Partial(new float[length], buckets, this);
    }
    partial.hold(from, buckets);
    return partial;
  }

  private synchronized Partial takeFree() {
    size += free.isEmpty() ? 1 : 0;
    return free.poll();
  }

  /** How many there are, held or not. */
  synchronized int size() {
    return size;
  }

  synchronized void put(Partial partial) {
    free.push(partial);
  }
}
