package io.lockstep.cluster;

import io.lockstep.nn.Sums;
import io.lockstep.training.Evaluation;
import io.lockstep.training.ShardHost;
import io.lockstep.training.ShardListener;
import io.lockstep.training.StepSums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * Collects what a shard tells on the threads of the data plane, until the node's actor passes it on
 * to the coordinator: a few doubles a step, and a message only now and then.
 *
 * <p>Thread-safe by its own lock.
 */
final class ShardReports implements ShardListener {

  /** What the coordinator is told next. */
  private static final int FIRST_CAPACITY = 256;

  /** Steps of one message, far below what a message may hold. */
  private static final int MOST_AT_ONCE = 1_000;

  private final LongPredicate urgent;
  private final Runnable wake;
  private final boolean keepsSums;
  private long startNanos;
  private double[] weights = new double[FIRST_CAPACITY];
  private double[] losses = new double[FIRST_CAPACITY];
  private double[] corrects = new double[FIRST_CAPACITY];
  private long[] nanos = new long[FIRST_CAPACITY];
  private int count;
  private long next;
  private boolean fresh;
  private final List<Coordinator.Command> plans = new ArrayList<>();
  private long snapshot = -1;
  private final List<Evaluated> evaluations = new ArrayList<>();
  private final List<Coordinator.Command> others = new ArrayList<>();

  /** An evaluation, which is told before the steps that followed it. */
  private record Evaluated(int stepsBefore, Coordinator.Evaluated report) {}

  /**
   * @param keepsSums whether sums are reported: by one shard, since all have the same
   * @param urgent tells of a version whether someone waits for it
   * @param wake has the reports taken soon
   */
  ShardReports(boolean keepsSums, LongPredicate urgent, Runnable wake) {
    this.keepsSums = keepsSums;
    this.urgent = urgent;
    this.wake = wake;
  }

  /** The first step begins. */
  synchronized void start() {
    startNanos = System.nanoTime();
  }

  @Override
  public void stepDone(long step, int layer, Sums sums) {
    synchronized (this) {
      if (layer == Sums.NONE) {
        next = step + 1;
        fresh = true;
        keep(sums);
      } else {
        others.add(new Coordinator.StepFailed(-1, step, layer));
      }
    }
    if (layer != Sums.NONE || urgent.test(step + 1)) {
      wake.run();
    }
  }

  private void keep(Sums sums) {
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
    count++;
  }

  @Override
  public void evaluated(Evaluation evaluation, long version, Sums sums) {
    synchronized (this) {
      long when = System.nanoTime() - startNanos;
      StepSums told = new StepSums(sums.weight, sums.loss, sums.correct, when);
      evaluations.add(new Evaluated(count, new Coordinator.Evaluated(evaluation, version, told)));
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
  public void disconnected(String node, String why) {
    synchronized (this) {
      others.add(new Coordinator.Disconnected(node, why));
    }
    wake.run();
  }

  @Override
  public void begun(long version, int plan) {
    synchronized (this) {
      plans.add(new Coordinator.Begun(version, plan));
    }
    wake.run();
  }

  /**
   * Takes what is to be told: first which plans have begun, since the steps that follow belong to
   * them and may be the last; then which version was copied, since it is kept when its steps are
   * told.
   */
  synchronized List<Coordinator.Command> take(ShardHost shard) {
    List<Coordinator.Command> reports = new ArrayList<>(plans);
    plans.clear();
    if (snapshot >= 0) {
      reports.add(new Coordinator.SnapshotTaken(shard.number(), snapshot));
      snapshot = -1;
    }
    takeSteps(shard.number(), reports);
    for (Coordinator.Command other : others) {
      reports.add(
          other instanceof Coordinator.StepFailed f
              ? new Coordinator.StepFailed(shard.number(), f.step(), f.layer())
              : other);
    }
    others.clear();
    return reports;
  }

  /** Steps and evaluations in the order in which they were done. */
  private void takeSteps(int shard, List<Coordinator.Command> reports) {
    int from = 0;
    for (Evaluated evaluated : evaluations) {
      addSteps(shard, from, evaluated.stepsBefore(), reports);
      from = evaluated.stepsBefore();
      reports.add(evaluated.report());
    }
    evaluations.clear();
    addSteps(shard, from, count, reports);
    if (fresh && count == 0) {
      reports.add(new Coordinator.StepsDone(shard, next, List.of()));
    }
    count = 0;
    fresh = false;
  }

  private void addSteps(int shard, int from, int to, List<Coordinator.Command> reports) {
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
