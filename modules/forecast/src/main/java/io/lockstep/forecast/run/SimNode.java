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

/** A node of the cluster, with its workers and its shards: does what the course orders. */
final class SimNode {

  private final SimCluster cluster;
  private final World world;
  private final int number;
  private final int index;
  private final int slots;
  private final SimMachine machine;
  private final SimUplink uplink;
  private final SimShards shards;
  private final List<SimWorker> workers = new ArrayList<>();
  private NodeExchange exchange;
  private Plan firstPlan;
  private int awaited;
  private boolean ready;
  private boolean dead;

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
    this.uplink = new SimUplink(world, this);
    this.shards = new SimShards(cluster, world, this);
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

  SimShards shards() {
    return shards;
  }

  List<SimWorker> workers() {
    return workers;
  }

  // What the course orders, on the thread of its actors.

  void prepare() {
    cluster.toCourse(course -> course.prepared(number));
  }

  /** A connection takes a round trip; the workers are warm by then. */
  void connect(Plan plan) {
    if (exchange != null) {
      if (ready) {
        tellReady(); // It was asked again.
      }
      return;
    }
    firstPlan = plan;
    exchange =
        new NodeExchange(
            world.job, world.buckets, world.workerKernels, Theta.hollow(0), number, slots, uplink);
    awaited = world.buckets.shards();
    for (int shard = 0; shard < world.buckets.shards(); shard++) {
      hello(cluster.shard(shard), this::welcomed);
    }
  }

  private void hello(SimShard to, Runnable welcomed) {
    cluster.toNode(
        to.server(),
        () -> {
          to.admit(this);
          cluster.toNode(this, welcomed);
        });
  }

  /** A server has connected it with a shard. */
  void connected(SimTie tie) {
    uplink.connect(tie);
  }

  private void welcomed() {
    awaited--;
    if (awaited > 0) {
      return;
    }
    ready = true;
    exchange.know(firstPlan);
    PartialPool partials = new PartialPool(0, world.buckets.count());
    for (int slot = 0; slot < slots; slot++) {
      workers.add(new SimWorker(world, machine, exchange, partials, slot, index, cluster.steps()));
    }
    workers.forEach(SimWorker::run);
    tellReady();
    world.queue.after(RunTimes.LOOK_EVERY.toNanos(), this::look);
  }

  private void tellReady() {
    cluster.toCourse(course -> course.ready(number));
  }

  void know(Plan plan) {
    if (ready) {
      exchange.know(plan);
    }
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

  /** Lets go of the server of a shard, and says what it has seen of steps. */
  void forsake(int shard) {
    NodeExchange.Begun newest = exchange.newestBegun();
    uplink.letGo(shard);
    cluster.toCourse(
        course -> course.forsaken(number, shard, newest.step(), newest.plan(), newest.since()));
  }

  void reconnect(int shard) {
    SimShard to = cluster.shard(shard);
    hello(
        to,
        () -> {
          exchange.reconnected(shard);
          cluster.toCourse(course -> course.reconnected(number, shard));
          poke();
        });
  }

  // Deaths.

  /** Its process ends. */
  void die() {
    dead = true;
    machine.stop();
    shards.end();
    for (int shard = 0; shard < world.buckets.shards(); shard++) {
      uplink.letGo(shard);
    }
  }

  boolean isDead() {
    return dead;
  }

  /** The connection with the server of a shard has broken. */
  void lost(int shard, String why) {
    if (exchange != null) {
      exchange.lost(shard, why);
    }
  }

  // Reports.

  private void look() {
    if (!dead) {
      tellSpeed();
      world.queue.after(RunTimes.LOOK_EVERY.toNanos(), this::look);
    }
  }

  /** Tells how fast its workers compute, if it has any and that is known. */
  void tellSpeed() {
    double nanos = ready ? exchange.pace().nanosPerMicroBatch() : 0;
    if (nanos > 0) {
      cluster.toCourse(course -> course.speed(number, nanos));
    }
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
