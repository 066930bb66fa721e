package io.lockstep.training;

import io.lockstep.nn.Sums;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The evaluations that the leading shard completes: of each kind one at a time, the newest. What
 * comes twice, or is late, is dropped. Where there is a standby, an evaluation is told when the
 * standby has it, too.
 *
 * <p>Thread-safe by its own lock, held while listener and mirror are told.
 */
final class ShardEvaluations {

  private final Job job;
  private final ShardListener listener;
  private final SumsTree[] trees;
  private final Sums[] totals;
  private final long[] evaluating;
  private final long[] evaluated;
  private final boolean[] pending;
  private Mirror mirror;
  private final AtomicLong arrived = new AtomicLong();

  /**
   * @param listener told of each that is complete
   */
  ShardEvaluations(Job job, ShardListener listener) {
    this.job = job;
    this.listener = listener;
    Evaluation[] evaluations = Evaluation.values();
    this.trees = new SumsTree[evaluations.length];
    this.totals = new Sums[evaluations.length];
    this.evaluated = new long[evaluations.length];
    Arrays.fill(evaluated, -1);
    this.evaluating = evaluated.clone();
    this.pending = new boolean[evaluations.length];
    for (Evaluation evaluation : evaluations) {
      trees[evaluation.ordinal()] = new SumsTree(Math.max(1, evaluation.units(job)));
      totals[evaluation.ordinal()] = new Sums();
    }
  }

  /**
   * Takes the sums of a node; copied.
   *
   * @param leads whether this is the shard that completes evaluations
   * @return whether the evaluation is complete with it, and was told
   * @throws IllegalArgumentException if there is no such node, or this is not the shard for it
   */
  synchronized boolean take(
      boolean leads,
      Evaluation evaluation,
      long version,
      int level,
      int index,
      int units,
      Sums sums) {
    int expected = evaluation.units(job);
    if (!leads || units != expected || !Node.isIn(level, index, units)) {
      throw new IllegalArgumentException(
          "evaluation: expected a node of a tree over %d units at the leading shard, found (%d, %d) over %d"
              .formatted(expected, level, index, units));
    }
    arrived.incrementAndGet();
    int kind = evaluation.ordinal();
    SumsTree tree = trees[kind];
    if (version > evaluating[kind]) {
      evaluating[kind] = version;
      tree.clear(); // What a broken-off evaluation left.
    }
    if (version < evaluating[kind]
        || version <= evaluated[kind]
        || !tree.accept(level, index, units, sums, totals[kind])) {
      return false;
    }
    evaluated[kind] = version;
    pending[kind] = true;
    if (mirror != null) {
      mirror.evaluated(evaluation, version, totals[kind]);
      return false;
    }
    return tell(evaluation, version);
  }

  /**
   * Takes an evaluation that is complete already.
   *
   * @param tells whether it is told
   */
  synchronized void takeWhole(Evaluation evaluation, long version, Sums sums, boolean tells) {
    int kind = evaluation.ordinal();
    if (version > evaluated[kind]) {
      evaluating[kind] = version;
      evaluated[kind] = version;
      totals[kind].copy(sums);
      if (tells) {
        listener.evaluated(evaluation, version, sums);
      }
    }
  }

  /** Tells of those from {@code version} on that were taken without. */
  synchronized void tellFrom(long version) {
    for (Evaluation evaluation : Evaluation.values()) {
      int kind = evaluation.ordinal();
      if (evaluated[kind] >= version) {
        listener.evaluated(evaluation, evaluated[kind], totals[kind]);
      }
    }
  }

  /** Tells of an evaluation that has waited for the standby; false if it has not. */
  synchronized boolean tell(Evaluation evaluation, long version) {
    int kind = evaluation.ordinal();
    if (!pending[kind] || evaluated[kind] != version) {
      return false;
    }
    pending[kind] = false;
    listener.evaluated(evaluation, version, totals[kind]);
    return true;
  }

  /** From now on {@code mirror} is told, and now of the newest of each kind. */
  synchronized void mirrorTo(Mirror mirror) {
    this.mirror = mirror;
    for (Evaluation evaluation : Evaluation.values()) {
      int kind = evaluation.ordinal();
      if (mirror != null && evaluated[kind] >= 0) {
        mirror.evaluated(evaluation, evaluated[kind], totals[kind]);
      }
    }
  }

  /** The newest version of which every unit is in; -1 if there is none. */
  synchronized long newest(Evaluation evaluation) {
    return evaluated[evaluation.ordinal()];
  }

  /** Whether an evaluation waits for the standby. */
  synchronized boolean isPending() {
    for (boolean waits : pending) {
      if (waits) {
        return true;
      }
    }
    return false;
  }

  /** How many nodes' sums have come: it grows as long as anybody evaluates. */
  long arrived() {
    return arrived.get();
  }

  /** What an evaluation that has begun still waits for; null if none has, or it is complete. */
  synchronized OpenStep open() {
    for (Evaluation evaluation : Evaluation.values()) {
      int kind = evaluation.ordinal();
      if (evaluating[kind] > evaluated[kind]) {
        int units = evaluation.units(job);
        return new OpenStep(evaluating[kind], units, trees[kind].missing(units));
      }
    }
    return null;
  }
}
