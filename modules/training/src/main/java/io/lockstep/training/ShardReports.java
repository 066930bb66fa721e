package io.lockstep.training;

import io.lockstep.nn.Sums;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * Collects what a shard tells on the threads of the data plane, until its node passes it on to the
 * run's course: a few doubles a step, and a message only now and then.
 *
 * <p>Thread-safe by its own lock.
 */
public final class ShardReports implements ShardListener {

  /** Steps that are to be told, at first. */
  private static final int FIRST_CAPACITY = 256;

  /** Steps of one message, far below what a message may hold. */
  private static final int MOST_AT_ONCE = 1_000;

  /** Evaluations that are kept, after they were told. */
  private static final int MOST_EVALUATIONS = 16;

  private final Subject subject;
  private final LongPredicate urgent;
  private final Runnable wake;
  private final LongSupplier clock;
  private long startNanos;
  private double[] weights = new double[FIRST_CAPACITY];
  private double[] losses = new double[FIRST_CAPACITY];
  private double[] corrects = new double[FIRST_CAPACITY];
  private long[] nanos = new long[FIRST_CAPACITY];
  private int count;
  private long next;
  private boolean fresh;
  private final List<Consumer<CourseReports>> first = new ArrayList<>();
  private long snapshot = -1;

  private final MeasuredReport measured = new MeasuredReport();
  private final List<DoneBetween> evaluations = new ArrayList<>();
  private final List<Consumer<CourseReports>> others = new ArrayList<>();
  private final StepHistory history = new StepHistory();
  private final Deque<Done> evaluationHistory = new ArrayDeque<>();

  /**
   * Whose reports these are.
   *
   * @param node number of the node
   * @param shard number of the shard
   * @param standby number of the standby; {@link CourseReports#SERVED} for a shard that is served
   * @param keepsSums whether sums are reported: by one shard, since all have the same
   */
  public record Subject(int node, int shard, int standby, boolean keepsSums) {}

  /** An evaluation that is complete. */
  public record Done(Evaluation evaluation, long version, StepSums sums) {}

  /** An evaluation, which is told before the steps that followed it. */
  private record DoneBetween(int stepsBefore, Done done) {}

  /**
   * What was told, or is to be: steps, and the last evaluations.
   *
   * @param first the first of the steps
   */
  public record Kept(long first, List<StepSums> sums, List<Done> evaluations) {}

  /**
   * @param urgent tells of a version whether someone waits for it
   * @param wake has the reports told soon
   * @param clock the time in nanoseconds, such as {@link System#nanoTime}
   */
  public ShardReports(Subject subject, LongPredicate urgent, Runnable wake, LongSupplier clock) {
    this.subject = subject;
    this.urgent = urgent;
    this.wake = wake;
    this.clock = clock;
  }

  /**
   * Times are told from the begin of the run.
   *
   * @param nanos when that was, as of the clock
   */
  public synchronized void start(long nanos) {
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
        others.add(to -> to.stepFailed(subject.shard(), step, layer));
      }
    }
    if (layer != Sums.NONE || urgent.test(step + 1)) {
      wake.run();
    }
  }

  private void keep(long step, Sums sums) {
    if (!subject.keepsSums()) {
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
    nanos[count] = clock.getAsLong() - startNanos;
    history.add(step, sums.weight, sums.loss, sums.correct, nanos[count]);
    count++;
  }

  @Override
  public void evaluated(Evaluation evaluation, long version, Sums sums) {
    synchronized (this) {
      long when = clock.getAsLong() - startNanos;
      StepSums told = new StepSums(sums.weight, sums.loss, sums.correct, sums.deviance, when);
      Done done = new Done(evaluation, version, told);
      evaluations.add(new DoneBetween(count, done));
      evaluationHistory.add(done);
      if (evaluationHistory.size() > MOST_EVALUATIONS) {
        evaluationHistory.remove();
      }
    }
    wake.run();
  }

  @Override
  public void measured(long step, TotalsPart part) {
    synchronized (this) {
      measured.begin(new MeasuredReport.Measured(step, part));
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
      others.add(to -> to.disconnected(peer, why));
    }
    wake.run();
  }

  @Override
  public void filled(long version) {
    synchronized (this) {
      first.add(to -> to.filled(subject.node(), subject.shard(), subject.standby(), version));
    }
    wake.run();
  }

  @Override
  public void primaryLost(String why) {
    synchronized (this) {
      others.add(to -> to.primaryLost(subject.shard(), subject.standby(), why));
    }
    wake.run();
  }

  @Override
  public void begun(long version, int plan) {
    synchronized (this) {
      first.add(to -> to.begun(version, plan));
    }
    wake.run();
  }

  /**
   * Tells what is to be told of a shard that is served: first which plans have begun, since the
   * steps that follow belong to them and may be the last; then which version there is a snapshot
   * of, since it is kept when its steps are told.
   */
  public void tell(CourseReports course) {
    take(CourseReports.SERVED).forEach(report -> report.accept(course));
  }

  /** As {@link #tell}, of a standby that does not serve its shard. */
  public void tellAsStandby(CourseReports course) {
    take(subject.standby()).forEach(report -> report.accept(course));
  }

  private synchronized List<Consumer<CourseReports>> take(int standby) {
    List<Consumer<CourseReports>> reports = new ArrayList<>(first);
    first.clear();
    if (snapshot >= 0) {
      long version = snapshot;
      reports.add(to -> to.snapshotTaken(subject.shard(), version));
      snapshot = -1;
    }
    MeasuredReport.Measured waits = measured.due(clock.getAsLong());
    if (waits != null) {
      reports.add(to -> to.measured(subject.shard(), waits.step(), waits.part()));
    }
    takeSteps(standby, reports);
    reports.addAll(others);
    others.clear();
    return reports;
  }

  /** What is still here of the steps from {@code step} on, whether it was told or not. */
  public synchronized Kept kept(long step) {
    return new Kept(history.first(step), history.from(step), List.copyOf(evaluationHistory));
  }

  /** Steps and evaluations in the order in which they were done. */
  private void takeSteps(int standby, List<Consumer<CourseReports>> reports) {
    int from = 0;
    for (DoneBetween evaluated : evaluations) {
      addSteps(standby, from, evaluated.stepsBefore(), reports);
      from = evaluated.stepsBefore();
      Done done = evaluated.done();
      reports.add(
          to ->
              to.evaluated(
                  subject.shard(), standby, done.evaluation(), done.version(), done.sums()));
    }
    evaluations.clear();
    addSteps(standby, from, count, reports);
    if (fresh && count == 0) {
      addSteps(standby, next, List.of(), reports);
    }
    count = 0;
    fresh = false;
  }

  private void addSteps(int standby, int from, int to, List<Consumer<CourseReports>> reports) {
    for (int begin = from; begin < to; begin += MOST_AT_ONCE) {
      int end = Math.min(to, begin + MOST_AT_ONCE);
      List<StepSums> sums = new ArrayList<>(end - begin);
      for (int i = begin; i < end; i++) {
        sums.add(new StepSums(weights[i], losses[i], corrects[i], nanos[i]));
      }
      addSteps(standby, next - count + end, sums, reports);
    }
  }

  private void addSteps(
      int standby, long reached, List<StepSums> sums, List<Consumer<CourseReports>> reports) {
    reports.add(to -> to.stepsDone(subject.shard(), standby, reached, sums));
  }
}
