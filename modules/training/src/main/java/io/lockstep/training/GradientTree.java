package io.lockstep.training;

import io.lockstep.kernels.Elementwise;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The reduction tree of one bucket's gradient, or the part of it over a node's own leaves: partials
 * arrive in any order, from any thread, and are added in the fixed order of the tree. The thread
 * that delivers a node's last child adds.
 *
 * <p>A partial waits in the slot of its parent until its sibling of the same step comes. After the
 * last sum is complete every slot is empty again, so one tree serves all steps.
 */
final class GradientTree {

  private final Elementwise kernels;
  private final GradientFormat format;
  private final int bucket;
  private final int from;
  private final int length;
  private final int[] levelStart;

  /** Null until something waits: many a node hands on all that its replicas give as it is. */
  private volatile AtomicReferenceArray<Partial> waiting;

  /**
   * @param bucket its number
   * @param from first float of the bucket
   * @param to one past the last
   * @param maxLeaves leaves of a full step
   */
  GradientTree(
      Elementwise kernels, GradientFormat format, int bucket, int from, int to, int maxLeaves) {
    this.kernels = kernels;
    this.format = format;
    this.bucket = bucket;
    this.from = from;
    this.length = to - from;
    this.levelStart = new int[Node.rootLevel(maxLeaves) + 2];
    for (int level = 0; level < levelStart.length - 1; level++) {
      levelStart[level + 1] = levelStart[level] + Node.nodesAt(level, maxLeaves);
    }
  }

  /**
   * Takes the partial of node (level, index) and adds as far as its ancestor at {@code topLevel}.
   *
   * @return the sum of that ancestor if this completed it, to be released by the caller; else null
   */
  Partial accept(long step, int level, int index, int leaves, int topLevel, Partial partial) {
    partial.step = step;
    for (; level < topLevel; level++, index >>= 1) {
      if ((index ^ 1) >= Node.nodesAt(level, leaves)) {
        continue; // An only child is its parent: no zero is added.
      }
      partial.index(bucket, index);
      Partial sibling = sibling(levelStart[level + 1] + (index >> 1), partial);
      if (sibling == null) {
        return null;
      }
      // Addition commutes, so the sum may be kept in either; ours is still in this core's cache.
      int at = from - partial.from();
      kernels.add(partial.values(), at, sibling.values(), from - sibling.from(), length);
      format.round(kernels, partial.values(), at, length);
      sibling.release();
    }
    return partial;
  }

  /**
   * Takes what waits for {@code partial} in its parent's slot. If there is nothing, the partial is
   * left there instead. Of two different steps, which meet only where a node has computed what was
   * done without it, the older one is dropped, and of one node computed twice the second.
   *
   * @return null if the partial waits now, or was dropped
   */
  private Partial sibling(int parent, Partial partial) {
    AtomicReferenceArray<Partial> waiting = slots();
    while (true) {
      Partial found = waiting.compareAndExchange(parent, null, partial);
      if (found == null) {
        return null;
      }
      if (found.step > partial.step
          || found.step == partial.step && found.index(bucket) == partial.index(bucket)) {
        partial.release();
        return null;
      }
      boolean same = found.step == partial.step;
      if (waiting.compareAndSet(parent, found, same ? null : partial)) {
        if (same) {
          return found;
        }
        found.release();
        return null;
      }
    }
  }

  private AtomicReferenceArray<Partial> slots() {
    AtomicReferenceArray<Partial> slots = waiting;
    return slots != null ? slots : makeSlots();
  }

  private synchronized AtomicReferenceArray<Partial> makeSlots() {
    if (waiting == null) {
      waiting = new AtomicReferenceArray<>(levelStart[levelStart.length - 1]);
    }
    return waiting;
  }

  /** Drops what waits; for a run that ends within a step. */
  void clear() {
    AtomicReferenceArray<Partial> waiting = this.waiting;
    for (int i = 0; waiting != null && i < waiting.length(); i++) {
      Partial dropped = waiting.getAndSet(i, null);
      if (dropped != null) {
        dropped.release();
      }
    }
  }
}
