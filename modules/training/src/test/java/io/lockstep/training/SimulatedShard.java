package io.lockstep.training;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A shard with its connections to nodes; what it tells the course is collected and reported now and
 * then, in the order of the real reports: plans, copies, then steps and evaluations.
 */
final class SimulatedShard extends Schedule.Source implements ShardListener, ShardSubscriber {

  private static final int STEP_SLOT = 0;
  private static final int EVALUATED_SLOT = 1;
  private static final int WEIGHTS_SLOT = EVALUATED_SLOT + Evaluation.values().length;

  final ShardHost host;
  private final Theta theta;
  private final int number;
  private final Buckets buckets;
  private final SimulatedLink up;
  private final RunCourse course;
  private final Map<SimulatedNode, SimulatedFrames> nodes = new LinkedHashMap<>();
  private final List<Runnable> plans = new ArrayList<>();
  private final List<Runnable> copies = new ArrayList<>();
  private final List<Runnable> steps = new ArrayList<>();
  private final List<StepSums> sums = new ArrayList<>();
  private long next;
  private boolean pending;

  /**
   * @param up leads to the course
   */
  SimulatedShard(
      Job job,
      Buckets buckets,
      Kernels kernels,
      int number,
      Schedule schedule,
      SimulatedLink up,
      RunCourse course) {
    this.number = number;
    this.buckets = buckets;
    this.up = up;
    this.course = course;
    this.theta = new Theta(0, buckets.parameters());
    float[] initial = job.network().initialWeights(job.seed());
    this.host = new ShardHost(job, buckets, kernels, number, theta, initial, this);
    host.subscribe(this);
    schedule.add(this);
  }

  /** Its part of θ at {@code version}. */
  float[] weights(long version) {
    return Arrays.copyOfRange(theta.array(version), from(), to());
  }

  int from() {
    return buckets.from(buckets.firstBucket(number));
  }

  int to() {
    return buckets.to(buckets.firstBucket(number + 1) - 1);
  }

  /** Leads to the course. */
  SimulatedLink link() {
    return up;
  }

  // Connections.

  void admit(SimulatedNode node, SimulatedFrames frames) {
    nodes.put(node, frames);
    frames.send("welcome", node::welcomed);
    host.tellNewest(new Newcomer(buckets, node, frames));
  }

  void remove(SimulatedNode node) {
    nodes.remove(node);
  }

  private record Newcomer(Buckets buckets, SimulatedNode node, SimulatedFrames frames)
      implements ShardSubscriber {

    @Override
    public void published(int bucket, long version, int plan, float[] theta, int at) {
      int length = buckets.to(bucket) - buckets.from(bucket);
      float[] values = Arrays.copyOfRange(theta, at, at + length);
      weights(node, frames, bucket, version, plan, values);
    }

    @Override
    public void begins(long version, int plan) {}

    @Override
    public void evaluated(Evaluation evaluation, long version) {}
  }

  private static void weights(
      SimulatedNode node,
      SimulatedFrames frames,
      int bucket,
      long version,
      int plan,
      float[] values) {
    frames.offer(
        WEIGHTS_SLOT + bucket,
        version,
        plan,
        () -> "bucket %d of version %d, plan %d".formatted(bucket, version, plan),
        () -> node.received(bucket, version, plan, values));
  }

  @Override
  public void published(int bucket, long version, int plan, float[] theta, int at) {
    int length = buckets.to(bucket) - buckets.from(bucket);
    float[] values = Arrays.copyOfRange(theta, at, at + length);
    nodes.forEach((node, frames) -> weights(node, frames, bucket, version, plan, values));
  }

  @Override
  public void begins(long version, int plan) {
    nodes.forEach(
        (node, frames) ->
            frames.offer(
                STEP_SLOT,
                version,
                plan,
                () -> "step %d begins under plan %d".formatted(version, plan),
                () -> node.begins(version, plan)));
  }

  @Override
  public void evaluated(Evaluation evaluation, long version) {
    nodes.forEach(
        (node, frames) ->
            frames.offer(
                EVALUATED_SLOT + evaluation.ordinal(),
                version,
                ShardHost.NO_PLAN,
                () -> "%s of %d is in".formatted(evaluation, version),
                () -> node.evaluated(evaluation, version)));
  }

  // Reports.

  @Override
  public void stepDone(long step, int layer, Sums told) {
    next = step + 1;
    if (host.leads()) {
      sums.add(UndisturbedRun.told(told));
    }
    pending = true;
  }

  @Override
  public void evaluated(Evaluation evaluation, long version, Sums told) {
    StepSums copy = UndisturbedRun.told(told);
    addSteps();
    steps.add(() -> course.evaluated(evaluation, version, copy));
  }

  /** The steps since the last report, as one. */
  private void addSteps() {
    if (pending) {
      List<StepSums> told = List.copyOf(sums);
      long reached = next;
      sums.clear();
      pending = false;
      steps.add(() -> course.stepsDone(number, reached, told));
    }
  }

  @Override
  public void snapshotTaken(long version) {
    copies.clear(); // The newest counts.
    copies.add(() -> course.snapshotTaken(number, version));
  }

  @Override
  public void begun(long version, int plan) {
    plans.add(() -> course.begun(version, plan));
  }

  @Override
  boolean isReady() {
    return pending || !plans.isEmpty() || !copies.isEmpty() || !steps.isEmpty();
  }

  @Override
  void go() {
    addSteps();
    long reached = next;
    plans.forEach(report -> up.send("plan begun", report));
    copies.forEach(report -> up.send("copied", report));
    steps.forEach(report -> up.send(() -> "steps before " + reached, report));
    plans.clear();
    copies.clear();
    steps.clear();
  }
}
