package io.lockstep.training;

import java.util.ArrayDeque;

/**
 * The arrays into which a shard receives partials of one bucket; thread-safe.
 *
 * <p>It grows to the most that wait at once, which the workers of the run bound, and then stays.
 */
final class BucketPool {

  private final int from;
  private final int length;
  private final ArrayDeque<Partial> free = new ArrayDeque<>();

  BucketPool(int from, int length) {
    this.from = from;
    this.length = length;
  }

  /** A partial that nobody holds; its contents are whatever they were. */
  synchronized Partial take() {
    Partial partial = free.isEmpty() ? new Partial(new float[length], from, this) : free.pop();
    partial.take(1);
    return partial;
  }

  synchronized void put(Partial partial) {
    free.push(partial);
  }
}
