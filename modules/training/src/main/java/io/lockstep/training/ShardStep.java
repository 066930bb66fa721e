package io.lockstep.training;

import io.lockstep.nn.Sums;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The step that a shard has open: its sums, and how many buckets are still to be committed. A root
 * waits here where it comes before the sums of its step: so it is where two different senders have
 * each given a part.
 *
 * <p>Thread-safe by its own lock, held while the listener and the mirror are told, so that they
 * hear of steps in order.
 */
final class ShardStep {

  /** A bucket's root, whose sums are still to come. */
  record Root(int bucket, Partial sum) {}

  private final int buckets;
  private final ShardListener listener;
  private final SumsTree tree;
  private final OpenLeaves openSums = new OpenLeaves();
  private final Sums sums = new Sums();
  private final List<Root> waiting = new ArrayList<>();
  private volatile long step;
  private long summed;
  private int openBuckets;
  private int nonFiniteLayer = Sums.NONE;
  private Mirror mirror;

  /**
   * @param buckets of the shard
   * @param mostLeaves of a full step
   * @param listener told of each step that is done
   */
  ShardStep(int buckets, int mostLeaves, ShardListener listener) {
    this.buckets = buckets;
    this.openBuckets = buckets;
    this.tree = new SumsTree(mostLeaves);
    this.listener = listener;
  }

  /** The step that is open. */
  long step() {
    return step;
  }

  /** Opens a step of which {@code open} buckets are still to be committed. */
  synchronized void startAt(long step, int open) {
    this.step = step;
    this.openBuckets = open;
    this.summed = Math.max(summed, step);
    openSums.startAt(summed);
  }

  /**
   * Takes the sums of a node of {@code step}.
   *
   * @return roots that have waited for them
   */
  synchronized List<Root> take(long step, int level, int index, int leaves, Sums of) {
    boolean taken = step == this.step && openSums.take(step, level, index, leaves);
    if (!taken || !tree.accept(level, index, leaves, of, sums)) {
      return List.of();
    }
    return complete(step);
  }

  /**
   * Takes the sums of all of {@code step}, from whoever has them already.
   *
   * @return as of {@link #take}
   */
  synchronized List<Root> takeAll(long step, Sums of) {
    if (step < summed) {
      return List.of();
    }
    sums.copy(of);
    openSums.startAt(step + 1);
    return complete(step);
  }

  private List<Root> complete(long step) {
    summed = step + 1;
    if (mirror != null) {
      mirror.sums(step, sums);
    }
    if (waiting.isEmpty()) {
      return List.of();
    }
    List<Root> roots = List.copyOf(waiting);
    waiting.clear();
    return roots;
  }

  /** Whether the sums of {@code step} are in; if not, the root is taken over until they are. */
  synchronized boolean hasSums(long step, int bucket, Partial root) {
    if (step < summed) {
      return true;
    }
    waiting.add(new Root(bucket, root));
    return false;
  }

  /** The sums of the open step, once they are in; not changed before it is done. */
  Sums sums() {
    return sums;
  }

  /** From now on {@code mirror} is told of sums, and of those of the open step if they are in. */
  synchronized void mirrorTo(Mirror mirror) {
    this.mirror = mirror;
    if (mirror != null && summed > step) {
      mirror.sums(step, sums);
    }
  }

  /**
   * A bucket has been committed, or cannot be. The last one of the step ends it, with the first
   * layer that is not finite in any bucket: which bucket came first is no part of it.
   *
   * @return whether the step ends as one that is not finite
   */
  synchronized boolean bucketDone(long step, int layer) {
    nonFiniteLayer = Math.min(nonFiniteLayer, layer);
    if (--openBuckets > 0) {
      return false;
    }
    openBuckets = buckets;
    int first = nonFiniteLayer;
    nonFiniteLayer = Sums.NONE;
    if (first == Sums.NONE) {
      this.step = step + 1;
    }
    listener.stepDone(step, first, sums);
    return first != Sums.NONE;
  }

  /** Adds the leaves of {@code step} whose sums are still to come. */
  void addMissing(long step, int leaves, BitSet missing) {
    openSums.addMissing(step, leaves, missing);
  }

  /** Drops what waits; for a run that ended within a step. */
  synchronized void clear() {
    tree.clear();
    waiting.forEach(root -> root.sum().release());
    waiting.clear();
  }
}
