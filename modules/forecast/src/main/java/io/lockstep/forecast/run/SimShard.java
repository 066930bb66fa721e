package io.lockstep.forecast.run;

import io.lockstep.forecast.net.FifoOutbox;
import io.lockstep.forecast.net.LatestOutbox;
import io.lockstep.forecast.time.SimThread;
import io.lockstep.nn.Sums;
import io.lockstep.training.CourseReports;
import io.lockstep.training.Evaluation;
import io.lockstep.training.ShardHost;
import io.lockstep.training.ShardListener;
import io.lockstep.training.ShardReports;
import io.lockstep.training.Theta;
import io.lockstep.training.TotalsPart;

/** A shard on its server, with its connections to nodes. */
final class SimShard implements ShardListener {

  private final World world;
  private final SimNode server;
  private final int number;
  private final ShardHost host;
  private final ShardReports reports;
  private final StepMeter steps;
  private double arithmetic;

  /**
   * @param server the node that has it
   * @param steps told of those of the shard that leads
   */
  SimShard(World world, SimNode server, int number, StepMeter steps) {
    this.world = world;
    this.server = server;
    this.number = number;
    this.steps = steps;
    boolean leads = world.buckets.shardOf(0) == number;
    var subject = new ShardReports.Subject(server.number(), number, CourseReports.SERVED, leads);
    this.reports =
        new ShardReports(subject, version -> false, server::tellSoon, world.queue::nanos);
    Theta theta = Theta.hollow(world.buckets.from(world.buckets.firstBucket(number)));
    this.host =
        new ShardHost(world.job, world.buckets, world.serverKernels, number, theta, this);
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

  /** Connects a node, and has it sent what is newest. */
  void admit(SimNode node) {
    SimThread here = server.machine().nextLoop();
    SimThread there = node.machine().nextLoop();
    FifoOutbox up = new FifoOutbox();
    node.uplink()
        .connect(this, new Lane(world, node.machine(), there, server.machine(), here, up), up);
    int first = world.buckets.firstBucket(number);
    LatestOutbox down =
        new LatestOutbox(SimDownlink.slots(world.buckets.firstBucket(number + 1) - first));
    Lane lane = new Lane(world, server.machine(), here, node.machine(), there, down);
    SimDownlink link = new SimDownlink(world, first, node, lane, down);
    host.subscribe(link);
    host.tellNewest(link);
  }

  void tell(CourseReports course) {
    reports.tell(course);
  }

  // From nodes, on an event loop.

  void sums(long step, int level, int index, int leaves, Sums sums) {
    host.sums(step, level, index, leaves, sums);
  }

  void gradient(long step, int bucket, int level, int index, int leaves) {
    double before = world.meter.arithmetic();
    host.gradient(step, bucket, level, index, leaves, host.take(bucket));
    arithmetic += world.meter.arithmetic() - before;
  }

  void evaluation(Evaluation evaluation, long version, int level, int index, int units, Sums sums) {
    host.evaluation(evaluation, version, level, index, units, sums);
  }

  // From the shard.

  @Override
  public void stepDone(long step, int layer, Sums sums) {
    if (host.leads()) {
      steps.done(world.meter.nanos());
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
  public void filled(long version) {
    reports.filled(version);
  }

  @Override
  public void begun(long version, int plan) {
    reports.begun(version, plan);
  }
}
