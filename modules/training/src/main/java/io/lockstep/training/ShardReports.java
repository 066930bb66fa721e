package io.lockstep.cluster;

import io.lockstep.nn.Sums;
import io.lockstep.training.Evaluation;
import io.lockstep.training.ShardListener;
import io.lockstep.training.StepSums;
import io.lockstep.training.TotalsPart;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * Collects what a shard tells on the threads of the data plane, until the node's actor passes it on
 * to the coordinator: a few doubles a step, and a message only now and then.
 *
 * <p>Thread-safe by its own lock.
 */
final class ShardReports implements ShardListener {

  /** In place of the number of a standby. */
  static final int SERVED = 0;

  /** What the coordinator is told next. */
  private static final int FIRST_CAPACITY = 256;

  /** Steps of one message, far below what a message may hold. */
  private static final int MOST_AT_ONCE = 1_000;

  /** Evaluations that are kept, after they were told. */
  private static final int MOST_EVALUATIONS = 16;

  private final int node;
  private final int shard;
  private final int standby;
  private final boolean keepsSums;
  private final LongPredicate urgent;
  private final Runnable wake;
  private long startNanos;
  private double[] weights = new double[FIRST_CAPACITY];
  private double[] losses = new double[FIRST_CAPACITY];
  private double[] corrects = new double[FIRST_CAPACITY];
  private long[] nanos = new long[FIRST_CAPACITY];
  private int count;
  private long next;
  private boolean fresh;
  private final List<Coordinator.Command> first = new ArrayList<>();
  private long snapshot = -1;

  private final MeasuredReport measured = new MeasuredReport();
  private final List<Evaluated> evaluations = new ArrayList<>();
  private final List<Coordinator.Command> others = new ArrayList<>();
  private final StepHistory history = new StepHistory();
  private final Deque<Coordinator.Evaluated> evaluationHistory = new ArrayDeque<>();

  /** An evaluation, which is told before the steps that followed it. */
  private record Evaluated(int stepsBefore, Coordinator.Evaluated report) {}

  /**
   * What was told, or is to be: steps, and the last evaluations.
   *
   * @param first the first of the steps
   */
  record Kept(long first, List<StepSums> sums, List<Coordinator.Evaluated> evaluations) {}

  /**
   * @param node number of the node
   * @param shard number of the shard
   * @param standby number of the standby; {@link #SERVED} for a shard that is served
   * @param keepsSums whether sums are reported: by one shard, since all have the same
   * @param urgent tells of a version whether someone waits for it
   * @param wake has the reports taken soon
   */
  ShardReports(
      int node, int shard, int standby, boolean keepsSums, LongPredicate urgent, Runnable wake) {
    this.node = node;
    this.shard = shard;
    this.standby = standby;
    this.keepsSums = keepsSums;
    this.urgent = urgent;
    this.wake = wake;
  }

  /**
   * Times are told from the begin of the run.
   *
   * @param nanos when that was, as of {@link System#nanoTime}
   */
  synchronized void start(long nanos) {
    startNanos = nanos;
  }

  @Override
  public void stepDone(long step, int layer, Sums sums) {
    synchronized (this) {
      measured.end();
      if (layer == Sums.NONE) {
        next = step + 1;
        fresh = true;
        keep(step, sums);
      } else {
        others.add(new Coordinator.StepFailed(shard, step, layer));
      }
    }
    if (layer != Sums.NONE || urgent.test(step + 1)) {
      wake.run();
    }
  }

  private void keep(long step, Sums sums) {
    if (!keepsSums) {
      return;
    }
    if (count == weights.length) {
      weights = Arrays.copyOf(weights, 2 * count);
      losses = Arrays.copyOf(losses, 2 * count);
      corrects = Arrays.copyOf(corrects, 2 * count);
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    weights[count] = sums.weight;
    losses[count] = sums.loss;
    corrects[count] = sums.correct;
    nanos[count] = System.nanoTime() - startNanos;
    history.add(step, sums.weight, sums.loss, sums.correct, nanos[count]);
    count++;
  }

  @Override
  public void evaluated(Evaluation evaluation, long version, Sums sums) {
    synchronized (this) {
      long when = System.nanoTime() - startNanos;
      StepSums told = new StepSums(sums.weight, sums.loss, sums.correct, sums.deviance, when);
      Coordinator.Evaluated report = new Coordinator.Evaluated(evaluation, version, told);
      evaluations.add(new Evaluated(count, report));
      evaluationHistory.add(report);
      if (evaluationHistory.size() > MOST_EVALUATIONS) {
        evaluationHistory.remove();
      }
    }
    wake.run();
  }

  @Override
  public void measured(long step, TotalsPart part) {
    synchronized (this) {
      measured.begin(new Coordinator.Measured(shard, step, part));
    }
    wake.run();
  }

  @Override
  public void snapshotTaken(long version) {
    synchronized (this) {
      snapshot = version;
    }
    wake.run();
  }

  @Override
  public void disconnected(String peer, String why) {
    synchronized (this) {
      others.add(new Coordinator.Disconnected(peer, why));
    }
    wake.run();
  }

  @Override
  public void filled(long version) {
    synchronized (this) {
      first.add(new Coordinator.Filled(node, shard, standby, version));
    }
    wake.run();
  }

  @Override
  public void primaryLost(String why) {
    synchronized (this) {
      others.add(new Coordinator.PrimaryLost(shard, standby, why));
    }
    wake.run();
  }

  @Override
  public void begun(long version, int plan) {
    synchronized (this) {
      first.add(new Coordinator.Begun(version, plan));
    }
    wake.run();
  }

  /**
   * Takes what is to be told: first which plans have begun, since the steps that follow belong to
   * them and may be the last; then which version was copied, since it is kept when its steps are
   * told.
   */
  synchronized List<Coordinator.Command> take() {
    List<Coordinator.Command> reports = new ArrayList<>(first);
    first.clear();
    if (snapshot >= 0) {
      reports.add(new Coordinator.SnapshotTaken(shard, snapshot));
      snapshot = -1;
    }
    Coordinator.Measured waits = measured.due(System.nanoTime());
    if (waits != null) {
      reports.add(waits);
    }
    takeSteps(reports);
    reports.addAll(others);
    others.clear();
    return reports;
  }

  /** What is still here of the steps from {@code step} on, whether it was told or not. */
  synchronized Kept kept(long step) {
    return new Kept(history.first(step), history.from(step), List.copyOf(evaluationHistory));
  }

  /** Steps and evaluations in the order in which they were done. */
  private void takeSteps(List<Coordinator.Command> reports) {
    int from = 0;
    for (Evaluated evaluated : evaluations) {
      addSteps(from, evaluated.stepsBefore(), reports);
      from = evaluated.stepsBefore();
      reports.add(evaluated.report());
    }
    evaluations.clear();
    addSteps(from, count, reports);
    if (fresh && count == 0) {
      reports.add(new Coordinator.StepsDone(shard, next, List.of()));
    }
    count = 0;
    fresh = false;
  }

  private void addSteps(int from, int to, List<Coordinator.Command> reports) {
    for (int begin = from; begin < to; begin += MOST_AT_ONCE) {
      int end = Math.min(to, begin + MOST_AT_ONCE);
      List<StepSums> sums = new ArrayList<>(end - begin);
      for (int i = begin; i < end; i++) {
        sums.add(new StepSums(weights[i], losses[i], corrects[i], nanos[i]));
      }
      reports.add(new Coordinator.StepsDone(shard, next - count + end, sums));
    }
  }
}
