package io.lockstep.forecast.run;

import io.lockstep.nn.Sums;
import io.lockstep.training.CourseReports;
import io.lockstep.training.Evaluation;
import io.lockstep.training.LateSteps;
import io.lockstep.training.OpenStep;
import io.lockstep.training.Promotion;
import io.lockstep.training.ShardHost;
import io.lockstep.training.ShardListener;
import io.lockstep.training.ShardReports;
import io.lockstep.training.Theta;
import io.lockstep.training.TotalsPart;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A shard on its server or a standby of one, with its connections. */
final class SimShard implements ShardListener {

  private final World world;
  private final SimNode server;
  private final int number;
  private final ShardHost host;
  private final ShardReports reports;
  private final LateSteps late;
  private final StepMeter steps;
  private final Map<SimNode, SimTie> nodes = new LinkedHashMap<>();
  private double arithmetic;

  /** With its standby, or with the shard that it is a standby of; null if there is none. */
  private SimMirror mirror;

  /**
   * @param server the node that has it
   * @param standby its number as a standby; {@link CourseReports#SERVED} if it is served
   * @param steps told of those of the shard that leads
   */
  SimShard(World world, SimNode server, int number, int standby, StepMeter steps) {
    this.world = world;
    this.server = server;
    this.number = number;
    this.steps = steps;
    boolean leads = world.buckets.shardOf(0) == number;
    var subject = new ShardReports.Subject(server.number(), number, standby, leads);
    this.reports =
        new ShardReports(subject, version -> false, server.shards()::tellSoon, world.queue::nanos);
    this.host = host(standby);
    this.late = new LateSteps(host.step());
  }

  private ShardHost host(int standby) {
    Theta theta = Theta.hollow(world.buckets.from(world.buckets.firstBucket(number)));
    return standby == CourseReports.SERVED
        ? new ShardHost(world.job, world.buckets, world.serverKernels, number, theta, this)
        : ShardHost.standby(world.job, world.buckets, world.serverKernels, number, theta, this);
  }

  SimNode server() {
    return server;
  }

  int number() {
    return number;
  }

  ShardHost host() {
    return host;
  }

  /** What adding and updating has cost so far. */
  double arithmetic() {
    return arithmetic;
  }

  // Connections.

  /** Connects a node, and has it sent what is newest. */
  void admit(SimNode node) {
    SimTie tie = new SimTie(world, node, this);
    SimTie before = nodes.put(node, tie);
    if (before != null) {
      before.cut();
    }
    node.connected(tie);
    host.subscribe(tie.published());
    host.tellNewest(tie.published());
  }

  /** Nothing travels between it and a node any more. */
  void letGo(SimNode node) {
    SimTie tie = nodes.remove(node);
    if (tie != null) {
      tie.cut();
    }
  }

  /** Those that are connected with it. */
  List<SimNode> connected() {
    return List.copyOf(nodes.keySet());
  }

  /** Its process is no more. */
  void end() {
    connected().forEach(this::letGo);
    cutMirror();
  }

  // Its standby, or what it does as one.

  /** As a standby, gets all from {@code primary} from now on. */
  void follow(SimShard primary, int as) {
    mirror = new SimMirror(world, primary, this, as);
    host.subscribe(mirror);
    mirror.begin();
  }

  /** A standby has said hello; returns whether it is not given up by now. */
  boolean mirrorTo(SimMirror to) {
    if (to.number() <= host.mirroring().newest()) {
      return false;
    }
    host.mirroring().begin(to, to.number());
    mirror = to;
    return true;
  }

  /** The connection with its standby; null if there is none. */
  SimMirror mirror() {
    return mirror;
  }

  /** Whether it has a standby that has all of it. */
  boolean isMirrored() {
    return mirror != null
        && !mirror.standby().server().isDead()
        && mirror.standby().host().following().filledFrom() >= 0;
  }

  private void cutMirror() {
    if (mirror != null) {
      mirror.cut();
    }
  }

  /** The standby of this number, or an older one, is not waited for any more. */
  void withoutStandby(int standby) {
    if (mirror != null && mirror.number() <= standby) {
      mirror.cut();
      mirror = null;
    }
    host.mirroring().end(standby);
  }

  /** As a standby, follows nobody any more. */
  void unfollow() {
    mirror.cut();
    host.unsubscribe(mirror);
    mirror = null;
  }

  void promote(Promotion start) {
    unfollow();
    host.promote(start);
    late.waitAnew(host.evaluationsArrived(), world.queue.nanos());
  }

  // Reports.

  /** Tells what it has done, and whether it has waited too long. */
  void tell(SimCluster cluster) {
    boolean isLate = late.isLate(host.step(), host.evaluationsArrived(), world.queue.nanos());
    if (host.isStandby()) {
      reports.tellAsStandby(cluster.reports());
      return; // It has learned what is usual, for when it serves the shard.
    }
    reports.tell(cluster.reports());
    if (isLate) {
      tellLate(cluster);
    }
  }

  private void tellLate(SimCluster cluster) {
    if (host.mirroring().isPending()) {
      int standby = host.mirroring().newest();
      cluster.toReports(course -> course.standbyLate(number, standby));
    } else {
      OpenStep open = host.openStep();
      int times = late.times();
      cluster.toCourse(course -> course.late(open, times));
    }
  }

  // From nodes and from the other end of its mirror, on an event loop.

  private void metered(Runnable work) {
    double before = world.meter.arithmetic();
    work.run();
    arithmetic += world.meter.arithmetic() - before;
  }

  void sums(long step, int level, int index, int leaves, Sums sums) {
    metered(() -> host.sums(step, level, index, leaves, sums));
  }

  void gradient(long step, int bucket, int level, int index, int leaves) {
    metered(() -> host.gradient(step, bucket, level, index, leaves, host.take(bucket)));
  }

  void evaluation(Evaluation evaluation, long version, int level, int index, int units, Sums sums) {
    host.evaluation(evaluation, version, level, index, units, sums);
  }

  void sumsOfAll(long step, Sums sums) {
    metered(() -> host.following().sums(step, sums));
  }

  void root(long step, int bucket) {
    metered(() -> host.following().root(step, bucket, host.take(bucket)));
  }

  void acknowledged(int bucket, long version) {
    host.mirroring().acknowledged(bucket, version);
  }

  // From the shard.

  @Override
  public void stepDone(long step, int layer, Sums sums) {
    if (host.leads() && !host.isStandby()) {
      steps.done(step, world.meter.nanos());
    }
    reports.stepDone(step, layer, sums);
  }

  @Override
  public void evaluated(Evaluation evaluation, long version, Sums sums) {
    reports.evaluated(evaluation, version, sums);
  }

  @Override
  public void measured(long step, TotalsPart part) {
    reports.measured(step, part);
  }

  @Override
  public void snapshotTaken(long version) {
    reports.snapshotTaken(version);
  }

  @Override
  public void disconnected(String node, String why) {
    reports.disconnected(node, why);
  }

  @Override
  public void filled(long version) {
    reports.filled(version);
  }

  @Override
  public void primaryLost(String why) {
    reports.primaryLost(why);
  }

  @Override
  public void begun(long version, int plan) {
    reports.begun(version, plan);
  }
}
