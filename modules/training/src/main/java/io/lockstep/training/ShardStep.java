package io.lockstep.training;

import io.lockstep.nn.Sums;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * The step that a shard has open: its sums, and how many buckets are still to be committed. A root
 * waits here where it comes before the sums of its step: so it is where two different senders have
 * each given a part. Where the update needs totals over all of θ, all roots of the shard wait here
 * for these.
 *
 * <p>Thread-safe by its own lock, held while the listener and the mirror are told, so that they
 * hear of steps in order.
 */
final class ShardStep {

  /** A bucket's root, whose sums or totals are still to come. */
  record Root(int bucket, Partial sum) {}

  private final int buckets;
  private final ShardListener listener;
  private final ShardTotals totals;
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
   * @param totals those that its steps need
   * @param listener told of each step that is measured, and that is done
   */
  ShardStep(int buckets, int mostLeaves, ShardTotals totals, ShardListener listener) {
    this.buckets = buckets;
    this.totals = totals;
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
    totals.startAt(step);
  }

  /**
   * Takes the sums of a node of {@code step}.
   *
   * @return roots that have waited, and can be applied now
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
    return goOn(step);
  }

  /**
   * Takes the totals of {@code step}, from whoever has them already.
   *
   * @return as of {@link #take}
   * @throws IllegalArgumentException if they are not as many as a step needs
   */
  synchronized List<Root> takeTotals(long step, double[] of) {
    if (totals.has(step)) {
      return List.of();
    }
    totals.take(step, of);
    if (mirror != null) {
      mirror.totals(step, totals.values());
    }
    return goOn(step);
  }

  /**
   * Whether a root can be applied; if not, it is taken over until it can. Whoever gave the last one
   * may find by {@link #goOn} that it has waited for nothing else.
   */
  synchronized boolean isReady(long step, int bucket, Partial root) {
    if (hasAll(step)) {
      return true;
    }
    waiting.add(new Root(bucket, root));
    return false;
  }

  /** A step whose sums are not finite is not applied, as every shard knows: it needs no totals. */
  private boolean hasAll(long step) {
    return step < summed && (totals.has(step) || sums.nonFiniteLayer != Sums.NONE);
  }

  /** The roots that have waited, once they can be applied. */
  synchronized List<Root> goOn(long step) {
    if (step < summed && !hasAll(step) && waiting.size() == openBuckets) {
      measured(step);
    }
    if (waiting.isEmpty() || !hasAll(step)) {
      return List.of();
    }
    waiting.sort(Comparator.comparingInt(Root::bucket)); // The first layers are needed first.
    List<Root> roots = List.copyOf(waiting);
    waiting.clear();
    return roots;
  }

  /** Every root of the shard is here, and was measured. */
  private void measured(long step) {
    if (!totals.measuredAll(step)) {
      return;
    }
    if (!totals.sumAlone(step)) {
      listener.measured(step, totals.own().part());
    } else if (mirror != null) {
      mirror.totals(step, totals.values());
    }
  }

  /** The sums of the open step, once they are in; not changed before it is done. */
  Sums sums() {
    return sums;
  }

  /**
   * From now on {@code mirror} is told of sums and totals, and of those of the open step if they
   * are in.
   *
   * <p>It is told of them before any root of their step. So a standby that takes over has either
   * the totals of the step that it has open, or has committed none of its buckets in it: then it
   * measures all of them, to the same bits.
   */
  synchronized void mirrorTo(Mirror mirror) {
    this.mirror = mirror;
    if (mirror != null && summed > step) {
      mirror.sums(step, sums);
    }
    if (mirror != null && totals.areOf(step)) {
      mirror.totals(step, totals.values());
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

  /** Adds the newest totals that are here to what a host has of its shard. */
  synchronized ShardCopy withTotals(ShardCopy copy) {
    return totals.addTo(copy);
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
