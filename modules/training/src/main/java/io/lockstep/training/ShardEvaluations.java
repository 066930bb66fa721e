package io.lockstep.training;

import io.lockstep.nn.Sums;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The evaluations that the leading shard completes: of each kind one at a time, the newest. What
 * comes twice, or is late, is dropped.
 *
 * <p>Thread-safe by a lock for each kind, held while the listener is told.
 */
final class ShardEvaluations {

  private final Job job;
  private final ShardListener listener;
  private final SumsTree[] trees;
  private final Sums total = new Sums();
  private final long[] evaluating;
  private final long[] evaluated;
  private final AtomicLong arrived = new AtomicLong();

  /**
   * @param listener told of each that is complete
   */
  ShardEvaluations(Job job, ShardListener listener) {
    this.job = job;
    this.listener = listener;
    Evaluation[] evaluations = Evaluation.values();
    this.trees = new SumsTree[evaluations.length];
    this.evaluated = new long[evaluations.length];
    Arrays.fill(evaluated, -1);
    this.evaluating = evaluated.clone();
    for (Evaluation evaluation : evaluations) {
      trees[evaluation.ordinal()] = new SumsTree(Math.max(1, evaluation.units(job)));
    }
  }

  /**
   * Takes the sums of a node; copied.
   *
   * @param leads whether this is the shard that completes evaluations
   * @return whether the evaluation is complete with it
   * @throws IllegalArgumentException if there is no such node, or this is not the shard for it
   */
  boolean take(
      boolean leads,
      Evaluation evaluation,
      long version,
      int level,
      int index,
      int units,
      Sums sums) {
    int expected = evaluation.units(job);
    if (!leads || units != expected || !ShardHost.inTree(level, index, units)) {
      throw new IllegalArgumentException(
          "evaluation: expected a node of a tree over %d units at the leading shard, found (%d, %d) over %d"
              .formatted(expected, level, index, units));
    }
    arrived.incrementAndGet();
    int kind = evaluation.ordinal();
    SumsTree tree = trees[kind];
    synchronized (tree) {
      if (version > evaluating[kind]) {
        evaluating[kind] = version;
        tree.clear(); // What a broken-off evaluation left.
      }
      if (version < evaluating[kind]
          || version <= evaluated[kind]
          || !tree.accept(level, index, units, sums, total)) {
        return false;
      }
      evaluated[kind] = version;
      listener.evaluated(evaluation, version, total);
      return true;
    }
  }

  /** How many nodes' sums have come: it grows as long as anybody evaluates. */
  long arrived() {
    return arrived.get();
  }

  /** What an evaluation that has begun still waits for; null if none has, or it is complete. */
  OpenStep open() {
    for (Evaluation evaluation : Evaluation.values()) {
      int kind = evaluation.ordinal();
      synchronized (trees[kind]) {
        if (evaluating[kind] > evaluated[kind]) {
          int units = evaluation.units(job);
          return new OpenStep(evaluating[kind], units, trees[kind].missing(units));
        }
      }
    }
    return null;
  }
}
