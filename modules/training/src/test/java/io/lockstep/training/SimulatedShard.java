package io.lockstep.training;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A shard with its connections to nodes; what it tells the course is collected by the real reports,
 * and told now and then.
 */
final class SimulatedShard extends Schedule.Source implements ShardListener, ShardSubscriber {

  private static final int STEP_SLOT = 0;
  private static final int EVALUATED_SLOT = 1;
  private static final int WEIGHTS_SLOT = EVALUATED_SLOT + Evaluation.values().length;

  private static final int TWICE_ONE_IN = 20;

  final ShardHost host;
  private final Theta theta;
  private final int number;
  private final Buckets buckets;
  private final SimulatedLink up;
  private final ShardReports reports;
  private final SimulatedReports course;
  private final Map<SimulatedNode, SimulatedFrames> nodes = new LinkedHashMap<>();
  private boolean news;

  /** For reports that are repeated: moves only where that is wanted. */
  private long nanos;

  private boolean twice;
  private final SimulatedNode node;
  private final Schedule schedule;

  /** With the shard that it is a standby of, or its standby; null if there is none. */
  private SimulatedMirror mirror;

  private boolean promoted;

  /**
   * @param node the one that has it
   * @param standby its number as a standby; {@link CourseReports#SERVED} if it is served
   */
  SimulatedShard(SimulatedCluster cluster, int number, SimulatedNode node, int standby) {
    Job job = cluster.job;
    Kernels kernels = cluster.kernels;
    this.number = number;
    this.buckets = cluster.buckets;
    this.node = node;
    this.up = node.up;
    this.course = new SimulatedReports(up, cluster.reported);
    this.schedule = cluster.schedule;
    this.theta = new Theta(0, buckets.parameters());
    boolean leads = buckets.shardOf(0) == number;
    var subject = new ShardReports.Subject(node.number, number, standby, leads);
    this.reports = new ShardReports(subject, version -> false, () -> {}, () -> nanos);
    this.host =
        standby != CourseReports.SERVED
            ? ShardHost.standby(job, buckets, kernels, number, theta, this)
            : new ShardHost(job, buckets, kernels, number, theta, this);
    host.subscribe(this);
    schedule.add(this);
  }

  @Override
  public String toString() {
    return "shard " + number + " of " + node;
  }

  int at(int bucket) {
    return buckets.from(bucket);
  }

  int length(int bucket) {
    return buckets.to(bucket) - buckets.from(bucket);
  }

  SimulatedNode node() {
    return node;
  }

  // Its standby.

  /** Gets all from {@code primary} from now on. */
  void follow(SimulatedShard primary, int number) {
    mirror = new SimulatedMirror(schedule, primary, this, number);
  }

  /** The standby has said hello. */
  void mirrorTo(SimulatedMirror to, int number) {
    try {
      host.mirroring().begin(to, number);
    } catch (IllegalStateException tooLate) {
      to.cut();
      return;
    }
    mirror = to;
  }

  boolean isMirrored() {
    return mirror != null;
  }

  /** The number of its standby, which it has. */
  int standbyNumber() {
    return mirror.number();
  }

  /** Its standby; null if it has none. */
  SimulatedShard standby() {
    return mirror == null ? null : mirror.standby();
  }

  /** The connection of both breaks. */
  void cutMirror() {
    if (mirror != null) {
      mirror.cut();
    }
  }

  void freezeMirror(boolean stands) {
    if (mirror != null) {
      mirror.freezeLinks(stands);
    }
  }

  void withoutMirror(int number) {
    if (mirror != null && mirror.number() <= number) {
      mirror.cut();
      mirror = null;
    }
    host.mirroring().end(number);
  }

  /** It follows nobody any more. */
  void unfollow() {
    mirror.close();
    mirror = null;
  }

  void promote(Promotion start) {
    unfollow();
    promoted = true;
    long held = host.promote(start);
    if (host.leads() && start.holdAt() != Long.MAX_VALUE) {
      node.holding(held);
    }
  }

  boolean isPromoted() {
    return promoted;
  }

  void close() {
    schedule.remove(this);
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

  void admit(SimulatedNode node, SimulatedFrames frames, Runnable welcomed) {
    nodes.put(node, frames);
    frames.send("welcome", welcomed);
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
    public void begins(long version, int plan) {
      SimulatedShard.begins(node, frames, version, plan);
    }

    @Override
    public void evaluated(Evaluation evaluation, long version) {
      SimulatedShard.evaluated(node, frames, evaluation, version);
    }
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
    if (isStandby()) {
      mirror.committed(bucket, version);
    }
  }

  private boolean isStandby() {
    return mirror != null && mirror.isTo(this);
  }

  @Override
  public void begins(long version, int plan) {
    nodes.forEach((node, frames) -> begins(node, frames, version, plan));
  }

  private static void begins(SimulatedNode node, SimulatedFrames frames, long version, int plan) {
    frames.offer(
        STEP_SLOT,
        version,
        plan,
        () -> "step %d begins under plan %d".formatted(version, plan),
        () -> node.begins(version, plan));
  }

  @Override
  public void evaluated(Evaluation evaluation, long version) {
    nodes.forEach((node, frames) -> evaluated(node, frames, evaluation, version));
    if (isStandby()) {
      mirror.evaluated(evaluation, version);
    }
  }

  private static void evaluated(
      SimulatedNode node, SimulatedFrames frames, Evaluation evaluation, long version) {
    frames.offer(
        EVALUATED_SLOT + evaluation.ordinal(),
        version,
        ShardHost.NO_PLAN,
        () -> "%s of %d is in".formatted(evaluation, version),
        () -> node.evaluated(evaluation, version));
  }

  // Reports.

  @Override
  public void stepDone(long step, int layer, Sums told) {
    reports.stepDone(step, layer, told);
    news = true;
  }

  @Override
  public void evaluated(Evaluation evaluation, long version, Sums told) {
    reports.evaluated(evaluation, version, told);
    news = true;
  }

  @Override
  public void measured(long step, TotalsPart part) {
    reports.measured(step, part);
    news = true;
    twice = schedule.oneIn(TWICE_ONE_IN);
  }

  /** Tells again what it has measured, if it still waits for the totals. */
  void askForTotals() {
    nanos += RunTimes.MEASURED_AGAIN_EVERY.toNanos();
    news = true;
  }

  @Override
  public void snapshotTaken(long version) {
    reports.snapshotTaken(version);
    news = true;
  }

  @Override
  public void filled(long version) {
    reports.filled(version);
    news = true;
  }

  @Override
  public void begun(long version, int plan) {
    reports.begun(version, plan);
    news = true;
  }

  @Override
  boolean isReady() {
    return news;
  }

  @Override
  void go() {
    news = false;
    if (host.isStandby()) {
      reports.tellAsStandby(course);
    } else {
      reports.tell(course);
    }
    if (twice) {
      twice = false;
      askForTotals();
    }
  }
}
