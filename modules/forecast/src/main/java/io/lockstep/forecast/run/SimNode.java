package io.lockstep.forecast.run;

import io.lockstep.training.Evaluation;
import io.lockstep.training.NodeExchange;
import io.lockstep.training.PartialPool;
import io.lockstep.training.Plan;
import io.lockstep.training.RunTimes;
import io.lockstep.training.ShardHost;
import io.lockstep.training.Theta;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A node of the cluster, with workers or shards: does what the course orders. */
final class SimNode {

  private final SimCluster cluster;
  private final World world;
  private final int number;
  private final int index;
  private final int slots;
  private final SimMachine machine;
  private final SimUplink uplink;
  private final List<SimShard> shards = new ArrayList<>();
  private final List<SimWorker> workers = new ArrayList<>();
  private NodeExchange exchange;
  private Plan firstPlan;
  private int awaited;
  private boolean tells;

  /**
   * @param number in plans
   * @param index among nodes with workers, from 0
   * @param slots workers
   */
  SimNode(SimCluster cluster, World world, int number, int index, int slots, SimMachine machine) {
    this.cluster = cluster;
    this.world = world;
    this.number = number;
    this.index = index;
    this.slots = slots;
    this.machine = machine;
    this.uplink = new SimUplink(world, machine);
  }

  @Override
  public String toString() {
    return (slots > 0 ? "worker-" : "server-") + number;
  }

  int number() {
    return number;
  }

  int slots() {
    return slots;
  }

  SimMachine machine() {
    return machine;
  }

  SimUplink uplink() {
    return uplink;
  }

  List<SimShard> shards() {
    return shards;
  }

  List<SimWorker> workers() {
    return workers;
  }

  // What the course orders, on the thread of its actors.

  void prepare() {
    cluster.toCourse(course -> course.prepared(number));
  }

  void open(int shard) {
    SimShard opened = cluster.open(shard, this);
    shards.add(opened);
    cluster.toCourse(course -> course.opened(shard));
  }

  /** A connection takes a round trip; the workers are warm by then. */
  void connect(Plan plan) {
    if (exchange != null) {
      return; // It was asked twice.
    }
    firstPlan = plan;
    exchange =
        new NodeExchange(
            world.job, world.buckets, world.workerKernels, Theta.hollow(0), number, slots, uplink);
    awaited = world.buckets.shards();
    for (int shard = 0; shard < world.buckets.shards(); shard++) {
      SimShard to = cluster.shard(shard);
      cluster.toNode(cluster.server(shard), () -> to.admit(this));
      cluster.toNode(this, this::welcomed);
    }
  }

  private void welcomed() {
    awaited--;
    if (awaited > 0) {
      return;
    }
    exchange.know(firstPlan);
    PartialPool partials = new PartialPool(0, world.buckets.count());
    for (int slot = 0; slot < slots; slot++) {
      workers.add(new SimWorker(world, machine, exchange, partials, slot, index, cluster.steps()));
    }
    workers.forEach(SimWorker::run);
    cluster.toCourse(course -> course.ready(number));
    world.queue.after(RunTimes.LOOK_EVERY.toNanos(), this::look);
  }

  void know(Plan plan) {
    exchange.know(plan);
    cluster.toCourse(course -> course.planKnown(number, plan.number()));
  }

  void takeOver(int lost) {
    exchange.takeOver(lost);
    poke();
  }

  void takeOver(int late, long step) {
    exchange.takeOver(late, step);
    poke();
  }

  void lead(Consumer<ShardHost> order) {
    shards.stream().map(SimShard::host).filter(ShardHost::leads).forEach(order);
  }

  void totals(int shard, long step, double[] totals) {
    shards.stream().filter(s -> s.number() == shard).forEach(s -> s.host().totals(step, totals));
  }

  // Reports.

  /** Tells how fast its workers compute, if that is known. */
  private void look() {
    double nanos = exchange.pace().nanosPerMicroBatch();
    if (nanos > 0) {
      cluster.toCourse(course -> course.speed(number, nanos));
    }
    world.queue.after(RunTimes.LOOK_EVERY.toNanos(), this::look);
  }

  /** Tells the course soon what its shards have done. */
  void tellSoon() {
    if (!tells) {
      tells = true;
      world.meter.pass(
          machine.control(), 0, () -> world.meter.run(machine.control(), 0, this::tell));
    }
  }

  private void tell() {
    tells = false;
    shards.forEach(shard -> shard.tell(cluster.reports()));
  }

  // From shards, on an event loop.

  void received(int bucket, long version, int plan) {
    if (exchange.wants(bucket, version)) {
      exchange.received(bucket, version);
    }
    if (plan != ShardHost.NO_PLAN) {
      exchange.begins(version, plan);
    }
    poke();
  }

  void begins(long version, int plan) {
    exchange.begins(version, plan);
    poke();
  }

  void evaluated(Evaluation evaluation, long version) {
    exchange.evaluated(evaluation, version);
    poke();
  }

  /** Workers are woken at the time that the thread which runs has come to. */
  private void poke() {
    if (world.meter.nanos() == world.queue.nanos()) {
      workers.forEach(SimWorker::poke);
    } else {
      world.queue.at(world.meter.nanos(), () -> workers.forEach(SimWorker::poke));
    }
  }
}
