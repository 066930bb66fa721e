package io.lockstep.training;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;

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
  private final Map<Integer, OfStandby> ofStandbys = new HashMap<>();
  private final Queue<Evaluated> early =
      new PriorityQueue<>(
          Comparator.comparingLong(Evaluated::version).thenComparing(Evaluated::evaluation));
  private final Map<Evaluation, Set<Long>> evaluated = new EnumMap<>(Evaluation.class);
  private long committed;
  private long last = Long.MAX_VALUE;
  private long holdAt = NO_HOLD;
  private boolean standsStill;

  /** An evaluation that is complete. */
  record Evaluated(Evaluation evaluation, long version, StepSums sums) {}

  /** Sums of steps, the last of which leads to version {@code end}. */
  private record Report(long end, List<StepSums> sums) {}

  /** What a standby has told. */
  private static final class OfStandby {

    final List<Report> steps = new ArrayList<>();
    final List<Evaluated> evaluations = new ArrayList<>();
    long next;
  }

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

  /**
   * The sums of further steps, from the leading shard; those that are known already are left out.
   *
   * @param end one past the last of the steps
   */
  void add(long end, List<StepSums> more) {
    int known = (int) Math.clamp(summed() - (end - more.size()), 0, more.size());
    sums.addAll(more.subList(known, more.size()));
  }

  /**
   * What a shard's standby tells, to be told in place of the server if that is lost: until then the
   * server's word counts, since it also tells which plan steps belong to.
   */
  void addOfStandby(int shard, long version, List<StepSums> more) {
    OfStandby aside = ofStandbys.computeIfAbsent(shard, s -> new OfStandby());
    aside.next = Math.max(version, aside.next);
    aside.steps.removeIf(report -> report.end() <= summed());
    if (!more.isEmpty()) {
      aside.steps.add(new Report(version, more));
    }
  }

  /**
   * A shard's standby has all of {@code version}. Should it become the server, the shard has at
   * least that, even if what the server told of it was lost with the server: where the run stands
   * still at that version, no further step would tell.
   */
  void filled(int shard, long version) {
    addOfStandby(shard, version, List.of());
  }

  /** As of {@link #addOfStandby}. */
  void evaluatedByStandby(int shard, Evaluation evaluation, long version, StepSums sums) {
    OfStandby aside = ofStandbys.computeIfAbsent(shard, s -> new OfStandby());
    aside.evaluations.removeIf(done -> isEvaluated(done.evaluation(), done.version()));
    aside.evaluations.add(new Evaluated(evaluation, version, sums));
  }

  /** A shard's standby is given up. */
  void forgetStandby(int shard) {
    ofStandbys.remove(shard);
  }

  /** A standby has become the server of its shard: what it has told before counts. */
  void takeOver(int shard, Consumer<Evaluated> evaluated) {
    OfStandby aside = ofStandbys.remove(shard);
    if (aside != null) {
      reached(shard, aside.next);
      aside.steps.forEach(report -> add(report.end(), report.sums()));
      aside.evaluations.forEach(evaluated);
    }
  }

  /** Steps whose sums are here, from the first one on. */
  long summed() {
    return committed + sums.size();
  }

  /** Nothing beyond {@code version} is part of the run. */
  void endAt(long version) {
    last = Math.min(last, version);
  }

  /** The last version, as far as it is known. */
  long last() {
    return last;
  }

  /**
   * The run will stand still at {@code version}. Where it stands still there already, this is the
   * word of a server that has taken over, and nothing new.
   */
  void holdAt(long version) {
    if (!standsStill || version != committed) {
      holdAt = version;
    }
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
    evaluated.computeIfAbsent(evaluation, e -> new HashSet<>()).add(version);
    Evaluated done = new Evaluated(evaluation, version, sums);
    if (version <= committed) {
      tell(done);
    } else {
      early.add(done);
    }
  }

  /** Whether {@code version} was evaluated. */
  boolean isEvaluated(Evaluation evaluation, long version) {
    return evaluated.getOrDefault(evaluation, Set.of()).contains(version);
  }
}
