package io.lockstep.training;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Which steps every shard of a run has, and what is told of them: a step once all shards have
 * committed it, an evaluation once its version's steps were told.
 */
final class StepReports {

  private static final int MOST_AT_ONCE = 1_000;

  private static final long NO_HOLD = -1;

  private final RunOrders orders;
  private final long steps;
  private final long[] next;
  private final ArrayDeque<StepSums> sums = new ArrayDeque<>();
  private final ArrayDeque<Evaluated> early = new ArrayDeque<>();
  private final Map<Evaluation, Long> evaluated = new EnumMap<>(Evaluation.class);
  private long committed;
  private long last = Long.MAX_VALUE;
  private long holdAt = NO_HOLD;
  private boolean standsStill;

  private record Evaluated(Evaluation evaluation, long version, StepSums sums) {}

  StepReports(RunShape shape, RunOrders orders) {
    this.orders = orders;
    this.steps = shape.steps();
    this.next = new long[shape.shards()];
    this.committed = shape.first();
    Arrays.fill(next, committed);
  }

  /** Steps that every shard has committed, and that were told. */
  long committed() {
    return committed;
  }

  /** A shard has at least {@code version}. */
  void reached(int shard, long version) {
    next[shard] = Math.max(next[shard], version);
  }

  /** The sums of further steps, from the leading shard. */
  void add(List<StepSums> more) {
    sums.addAll(more);
  }

  /** Nothing beyond {@code version} is part of the run. */
  void endAt(long version) {
    last = Math.min(last, version);
  }

  /** The last version, as far as it is known. */
  long last() {
    return last;
  }

  /** The run will stand still at {@code version}. */
  void holdAt(long version) {
    holdAt = version;
  }

  /** The run does not stand still. */
  void release() {
    holdAt = NO_HOLD;
    standsStill = false;
  }

  /** Whether the run stands still where it was told to, and that was told. */
  boolean standsStill() {
    return standsStill;
  }

  /**
   * Tells what can be told of the steps before {@code version}.
   *
   * @return whether all of them were told, and none before this call
   */
  boolean tellUpTo(long version) {
    long before = committed;
    long all = Math.min(Arrays.stream(next).min().orElseThrow(), Math.min(version, last));
    while (!early.isEmpty() && early.peek().version() <= all) { // Before the steps that followed.
      tellSteps(early.peek().version());
      if (committed < early.peek().version()) {
        break; // Their sums are still to come.
      }
      tell(early.poll());
    }
    tellSteps(all);
    if (committed == holdAt && committed < steps) {
      holdAt = NO_HOLD;
      standsStill = true;
      orders.held(committed);
    }
    return committed == version && before < version;
  }

  private void tellSteps(long version) {
    int count = (int) Math.min(version - committed, sums.size());
    while (count > 0) { // In messages of bounded size.
      int some = Math.min(count, MOST_AT_ONCE);
      List<StepSums> told = new ArrayList<>(some);
      for (int i = 0; i < some; i++) {
        told.add(sums.poll());
      }
      orders.steps(committed, told);
      committed += some;
      count -= some;
    }
  }

  private void tell(Evaluated done) {
    orders.evaluated(done.evaluation(), done.version(), done.sums());
  }

  /** Every unit of an evaluation is in. */
  void evaluated(Evaluation evaluation, long version, StepSums sums) {
    evaluated.put(evaluation, version);
    Evaluated done = new Evaluated(evaluation, version, sums);
    if (version <= committed) {
      tell(done);
    } else {
      early.add(done);
    }
  }

  /** Whether {@code version} was evaluated. */
  boolean isEvaluated(Evaluation evaluation, long version) {
    return evaluated.getOrDefault(evaluation, -1L) == version;
  }
}
