package io.lockstep.training;

import java.util.ArrayList;
import java.util.List;

/**
 * The gradient arrays of one replica, reused from step to step; used by the replica's thread alone.
 *
 * <p>It grows to the most that a step holds at once (about the depth of the reduction tree at
 * worst) and then stays.
 */
final class PartialPool {

  private final int length;
  private final int buckets;
  private final List<Partial> partials = new ArrayList<>();

  PartialPool(int length, int buckets) {
    this.length = length;
    this.buckets = buckets;
  }

  /** A partial that nobody holds; its contents are whatever they were. */
  Partial take() {
    for (int i = 0; i < partials.size(); i++) {
      if (partials.get(i).take(buckets)) {
        return partials.get(i);
      }
    }
    Partial added = new Partial(length, buckets);
    added.take(buckets);
    partials.add(added);
    return added;
  }
}
