package io.lockstep.training;

import java.util.ArrayDeque;

/**
 * Partials over one range of packed θ, used again and again: those of a node's replicas, over all
 * of θ, or those that a shard receives of one bucket. Thread-safe.
 *
 * <p>It grows to the most that are held at once and then stays. The one released last comes first:
 * it may still be in a cache.
 */
final class PartialPool {

  private final int from;
  private final int length;
  private final int buckets;
  private final ArrayDeque<Partial> free = new ArrayDeque<>();
  private int size;

  /**
   * @param from position in packed θ of the range
   * @param length floats of the range
   * @param buckets that it holds
   */
  PartialPool(int from, int length, int buckets) {
    this.from = from;
    this.length = length;
    this.buckets = buckets;
  }

  /** A partial that nobody holds; its contents are whatever they were. */
  Partial take() {
    Partial partial = takeFree();
    if (partial == null) {
      partial = new Partial(new float[length], from, buckets, this);
    }
    partial.hold(buckets);
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
