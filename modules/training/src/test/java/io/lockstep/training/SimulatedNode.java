package io.lockstep.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/** A process of a simulated cluster: does what the course orders, as the real node does. */
final class SimulatedNode {

  final int number;
  final int slots;
  final SimulatedLink down;
  final SimulatedLink up;
  final List<SimulatedShard> shards = new ArrayList<>();
  private final SimulatedCluster cluster;
  private final Schedule schedule;
  private final SimulatedUplink uplink;
  private final List<SimulatedFrames> fromShards = new ArrayList<>();
  private final List<ModelWorker> workers = new ArrayList<>();
  private NodeExchange exchange;
  private Plan firstPlan;
  private int awaitedWelcomes;
  private int awaitedWorkers;
  private boolean begun;
  private boolean connected;
  private boolean ready;
  private boolean dead;
  private boolean cutOff;
  private boolean frozen;

  SimulatedNode(SimulatedCluster cluster, int number, int slots) {
    this.cluster = cluster;
    this.schedule = cluster.schedule;
    this.number = number;
    this.slots = slots;
    this.uplink = new SimulatedUplink(cluster);
    this.down = new SimulatedLink(schedule, "course to " + this);
    this.up = new SimulatedLink(schedule, this + " to course");
  }

  @Override
  public String toString() {
    return "node " + number;
  }

  void tell(Supplier<String> what) {
    schedule.tell(() -> this + ": " + what.get());
  }

  private RunCourse course() {
    return cluster.course;
  }

  // What the course orders.

  void prepare() {
    up.send("prepared", () -> course().prepared(number));
  }

  void open(int shard) {
    shards.add(cluster.openShard(shard, this));
    up.send("opened " + shard, () -> course().opened(shard));
  }

  void connect(Plan plan) {
    if (begun) {
      if (ready) {
        tellReady();
      }
      return;
    }
    begun = true;
    firstPlan = plan;
    Theta theta = new Theta(0, cluster.buckets.parameters());
    exchange =
        new NodeExchange(
            cluster.job, cluster.buckets, cluster.kernels, theta, number, slots, uplink);
    awaitedWelcomes = cluster.buckets.shards();
    for (int i = 0; i < awaitedWelcomes; i++) {
      SimulatedShard shard = cluster.shard(i);
      SimulatedLink link = new SimulatedLink(schedule, this + " to shard " + i);
      SimulatedFrames frames = new SimulatedFrames(schedule, "shard " + i + " to " + this);
      uplink.add(link);
      fromShards.add(frames);
      link.send("hello", () -> shard.admit(this, frames));
    }
  }

  private void tellReady() {
    up.send("ready", () -> course().ready(number));
  }

  void welcomed() {
    awaitedWelcomes--;
    if (awaitedWelcomes == 0) {
      connected = true;
      exchange.know(firstPlan);
      awaitedWorkers = slots;
      for (int slot = 0; slot < slots; slot++) {
        workers.add(new ModelWorker(cluster.model, cluster.buckets, this, exchange, slot));
      }
      workers.forEach(schedule::add);
    }
  }

  void know(Plan plan) {
    if (connected) {
      exchange.know(plan);
    }
    up.send("plan " + plan.number() + " known", () -> course().planKnown(number, plan.number()));
  }

  void takeOver(int lost) {
    if (connected) {
      exchange.takeOver(lost);
    }
  }

  void takeOver(int late, long step) {
    if (connected) {
      exchange.takeOver(late, step);
    }
  }

  void snapshot(long version) {
    for (SimulatedShard shard : shards) {
      if (!shard.host.snapshotAt(version)) {
        up.send("copy missed", () -> course().snapshotMissed(version));
      }
    }
  }

  void holding(long version) {
    up.send("holding at " + version, () -> course().holding(version));
  }

  ShardHost lead() {
    return shards.stream()
        .map(shard -> shard.host)
        .filter(ShardHost::leads)
        .findFirst()
        .orElseThrow();
  }

  void halt() {
    for (SimulatedShard shard : shards) {
      long version = shard.host.halt();
      shard.go(); // It reports at once.
      int halted = shard.host.number();
      up.send("halted at " + version, () -> course().halted(halted, version));
    }
  }

  void leave() {
    if (connected) {
      exchange.stop();
    }
  }

  void settle(long version) {
    shards.forEach(shard -> shard.host.settle(version));
    if (connected) {
      exchange.settle(version);
    }
    up.send("settled", () -> course().settled(number));
  }

  void evaluate(Plan plan, List<Evaluation> evaluations, long version) {
    for (ModelWorker worker : workers) {
      evaluations.forEach(evaluation -> worker.evaluate(evaluation, version, plan));
    }
  }

  /** Ends all that it does in the run; what it sent may still arrive. */
  void close() {
    dead = true;
    workers.forEach(schedule::remove);
    fromShards.forEach(SimulatedFrames::close);
    cluster.shards().forEach(shard -> shard.remove(this));
    down.close();
  }

  // Workers.

  void workerReady() {
    awaitedWorkers--;
    if (awaitedWorkers == 0) {
      ready = true;
      awaitedWorkers = slots;
      workers.forEach(ModelWorker::train);
      tellReady();
    }
  }

  void workerLeft() {
    awaitedWorkers--;
    if (awaitedWorkers == 0 && exchange.lost() == null) {
      up.send(
          "left",
          () -> course().left(number, Collections.nCopies(slots, 0L), DataPlane.Traffic.NONE));
    }
  }

  // What shards send.

  void received(int bucket, long version, int plan, float[] values) {
    if (dead) {
      return;
    }
    if (exchange.wants(bucket, version)) {
      int from = cluster.buckets.from(bucket);
      System.arraycopy(values, 0, exchange.weights(version), from, values.length);
      exchange.received(bucket, version);
    }
    if (plan != ShardHost.NO_PLAN) {
      exchange.begins(version, plan);
    }
  }

  void begins(long version, int plan) {
    if (!dead) {
      exchange.begins(version, plan);
    }
  }

  void evaluated(Evaluation evaluation, long version) {
    if (!dead) {
      exchange.evaluated(evaluation, version);
    }
  }

  // What goes wrong.

  /** The process ends: of what is under way on each link, the first part still arrives. */
  void die() {
    freeze(false);
    up.cut();
    uplink.cut();
    close();
  }

  /** The connection with one shard breaks; the node lives, and hears of it. */
  void cutOff(int shard) {
    cutOff = true;
    uplink.cut(shard);
    fromShards.get(shard).cut();
    down.send("cut off", () -> exchange.lost("the connection broke"));
  }

  /** The cluster does not count on it any more. */
  void expel() {
    if (!dead) {
      freeze(false);
      up.cut();
      close();
    }
  }

  boolean isCutOff() {
    return cutOff;
  }

  /** Whether its workers have left the steps. */
  boolean hasLeft() {
    return ready && awaitedWorkers == 0;
  }

  boolean isConnected() {
    return connected;
  }

  boolean isDead() {
    return dead;
  }

  /** It stands still, with all that is on its way from and to it, until it is thawed. */
  void freeze(boolean stands) {
    frozen = stands;
    workers.forEach(worker -> worker.freeze(stands));
    uplink.freeze(stands);
    fromShards.forEach(link -> link.freeze(stands));
    down.freeze(stands);
    up.freeze(stands);
  }

  boolean isFrozen() {
    return frozen;
  }

  /** Nothing of it moves for a while. */
  void stall(int most) {
    workers.forEach(worker -> schedule.delay(worker, most));
    uplink.stall(most);
    fromShards.forEach(link -> schedule.delay(link, most));
    schedule.delay(down, most);
    schedule.delay(up, most);
  }
}
