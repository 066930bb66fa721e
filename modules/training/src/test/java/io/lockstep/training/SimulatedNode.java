package io.lockstep.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A process of a simulated cluster: does what the course orders, as the real node does. */
final class SimulatedNode {

  final int number;
  final int slots;
  final SimulatedLink down;
  final SimulatedLink up;
  final List<SimulatedShard> shards = new ArrayList<>();
  private final Map<Integer, SimulatedShard> standbys = new TreeMap<>();
  private final SimulatedCluster cluster;
  private final Schedule schedule;
  private final SimulatedUplink uplink;
  private final Map<Integer, SimulatedFrames> fromShards = new TreeMap<>();
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
  private boolean draining;
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
    up.send("opened " + shard, () -> cluster.reported.opened(shard, Endpoint.IN_PROCESS));
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
      uplink.add(link, shard.host);
      fromShards.put(i, frames);
      link.send("hello", () -> shard.admit(this, frames, this::welcomed));
    }
  }

  /** Opens a standby, unless it has it already. */
  void mirror(int shard, int number) {
    if (standbys.containsKey(shard)) {
      return;
    }
    SimulatedShard standby = new SimulatedShard(cluster, shard, this, number);
    standbys.put(shard, standby);
    standby.follow(cluster.shard(shard), number);
  }

  void dropStandby(int shard) {
    SimulatedShard standby = standbys.remove(shard);
    if (standby != null) {
      standby.unfollow();
      standby.close();
    }
  }

  void withoutStandby(int shard, int number) {
    shards.stream().filter(s -> s.host.number() == shard).forEach(s -> s.withoutMirror(number));
  }

  /** A shard that it is only about to serve asks again. */
  void totals(int shard, long step, double[] totals) {
    shards.stream().filter(s -> s.host.number() == shard).forEach(s -> s.host.totals(step, totals));
  }

  void forsake(int shard) {
    NodeExchange.Begun newest = exchange.newestBegun();
    letGo(shard);
    up.send(
        "forsaken, newest step " + newest.step(),
        () -> course().forsaken(number, shard, newest.step(), newest.plan(), newest.since()));
  }

  private void letGo(int shard) {
    uplink.remove(shard);
    SimulatedFrames frames = fromShards.remove(shard);
    if (frames != null) {
      frames.close();
    }
  }

  void promote(int shard, Promotion start) {
    if (shards.stream().noneMatch(s -> s.host.number() == shard)) { // Else it is asked again.
      SimulatedShard standby = standbys.remove(shard);
      standby.promote(start);
      shards.add(standby);
      cluster.moved(standby);
    }
    up.send("opened " + shard, () -> cluster.reported.opened(shard, Endpoint.IN_PROCESS));
  }

  void reconnect(int shard) {
    letGo(shard);
    SimulatedShard to = cluster.shard(shard);
    SimulatedLink link = new SimulatedLink(schedule, this + " to " + to);
    SimulatedFrames frames = new SimulatedFrames(schedule, to + " to " + this);
    fromShards.put(shard, frames);
    link.send(
        "hello again",
        () -> {
          if (fromShards.get(shard) == frames) { // Else that connection is closed by now.
            to.admit(this, frames, () -> welcomedAgain(to.host, link));
          }
        });
  }

  private void welcomedAgain(ShardHost shard, SimulatedLink link) {
    uplink.add(link, shard);
    exchange.reconnected(shard.number());
    up.send("reconnected", () -> course().reconnected(number, shard.number()));
  }

  private void tellReady() {
    up.send("ready", () -> course().ready(number));
  }

  private void welcomed() {
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
      if (!shard.host.keeping().snapshotAt(version)) {
        up.send("copy missed", () -> course().snapshotMissed(version));
      }
    }
  }

  void holding(long version) {
    up.send("holding at " + version, () -> course().holding(version));
  }

  /** None where it is only about to lead: it will be told then. */
  void lead(Consumer<ShardHost> order) {
    shards.stream().map(shard -> shard.host).filter(ShardHost::leads).forEach(order);
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
    fromShards.values().forEach(SimulatedFrames::close);
    cluster.shards().forEach(shard -> shard.remove(this));
    standbys.values().forEach(SimulatedShard::cutMirror);
    standbys.values().forEach(SimulatedShard::close);
    shards.forEach(SimulatedShard::cutMirror);
    shards.forEach(SimulatedShard::close);
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
    if (awaitedWorkers == 0) {
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

  /** It wants to go. */
  void drain() {
    draining = true;
    up.send("drain", () -> course().drain(number));
  }

  /** Whether it wants to go, and has a shard, for which there may be no other place. */
  boolean mayEndTheRun() {
    return draining && !shards.isEmpty();
  }

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
    if (fromShards.containsKey(shard)) {
      fromShards.get(shard).cut();
    }
    down.send("cut off", () -> exchange.lost(shard, "the connection broke"));
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
    fromShards.values().forEach(link -> link.freeze(stands));
    standbys.values().forEach(standby -> standby.freezeMirror(stands));
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
    fromShards.values().forEach(link -> schedule.delay(link, most));
    schedule.delay(down, most);
    schedule.delay(up, most);
  }
}
