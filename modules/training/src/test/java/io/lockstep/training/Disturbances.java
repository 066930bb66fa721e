package io.lockstep.training;

import java.util.List;
import java.util.function.Consumer;

/** What a schedule does to a cluster while it trains. */
final class Disturbances {

  private static final int KINDS = 21;
  private static final int REPORTS = 5;
  private static final int MOST_TIMES_SLOWER = 6;
  private static final int MOST_JOINS = 5;
  private static final int MOST_STALL = 600;
  private static final int MOST_AHEAD = 6;
  private static final int MOST_TIMES_LATE = 3;
  private static final int STOPS_ONE_IN = 8;
  private static final int MAY_BREAK_ONE_IN = 10;
  private static final List<Integer> RATES = List.of(25, 60, 150);

  private final SimulatedCluster cluster;
  private final Schedule schedule;
  private final int oneIn;
  private final boolean anyLate;
  private final boolean stops;
  private int joins;

  Disturbances(SimulatedCluster cluster) {
    this.cluster = cluster;
    this.schedule = cluster.schedule;
    this.oneIn = schedule.oneOf(RATES);
    this.stops = schedule.oneIn(STOPS_ONE_IN);
    this.anyLate = schedule.oneIn(2);
  }

  void maybe() {
    if (cluster.driver.isTraining() && schedule.oneIn(oneIn)) {
      disturb();
    }
  }

  private void disturb() {
    switch (schedule.choose(KINDS)) {
      case 0, 1 -> join();
      case 2, 3 -> withNode(this::die);
      case 4 -> withNode(this::cutOff);
      case 5 -> withNode(this::drain);
      case 6, 7 -> late();
      case 8 -> cluster.driver.askForCheckpoint();
      case 9 -> cluster.driver.hold(cluster.driver.steps() + schedule.choose(MOST_AHEAD));
      case 10 -> release();
      case 11 -> cluster.course.remind();
      case 12 -> schedule.oneOf(cluster.nodes()).stall(MOST_STALL);
      case 13 -> speeds();
      case 14 -> withNode(this::freeze);
      case 15 -> thaw();
      case 16, 17 -> serverDies();
      case 18 -> separate();
      case 19 -> standbyLate();
      default -> stop();
    }
  }

  private void join() {
    if (joins < MOST_JOINS) {
      joins++;
      schedule.tell(() -> "a node joins");
      cluster.join();
    }
  }

  /** A node that may be lost, wherever it is. */
  private void withNode(Consumer<SimulatedNode> work) {
    List<SimulatedNode> able =
        cluster.nodes().stream()
            .filter(n -> n != cluster.keeper && n.shards.isEmpty() && !n.isDead())
            .toList();
    if (!able.isEmpty()) {
      work.accept(schedule.oneOf(able));
    }
  }

  private void die(SimulatedNode node) {
    schedule.tell(() -> node + " dies");
    node.die();
    cluster.tellLost(node);
  }

  private void cutOff(SimulatedNode node) {
    if (node.isConnected() && !node.isCutOff()) {
      int shard = schedule.choose(cluster.buckets.shards());
      schedule.tell(() -> node + " is cut off from shard " + shard);
      node.cutOff(shard);
      cluster.tellLost(node);
    }
  }

  /** A shard's server, where the shard has a standby; now and then before that has all. */
  private void serverDies() {
    SimulatedShard shard = schedule.oneOf(cluster.shards());
    SimulatedNode node = shard.node();
    if (shard.isMirrored() && node != cluster.keeper && !node.isDead()) {
      if (!cluster.course.holdsShardAlone(node.number) || schedule.oneIn(MAY_BREAK_ONE_IN)) {
        die(node);
      }
    }
  }

  private void freeze(SimulatedNode node) {
    schedule.tell(() -> node + " freezes");
    node.freeze(true);
  }

  private void thaw() {
    cluster.nodes().forEach(this::thaw);
  }

  private void thaw(SimulatedNode node) {
    if (node.isFrozen()) {
      schedule.tell(() -> node + " thaws");
      node.freeze(false);
    }
  }

  /** The cluster does not wait for ever for a node that stands still. */
  void endFrost() {
    for (SimulatedNode node : cluster.nodes()) {
      if (node.isFrozen() && schedule.oneIn(2)) {
        cluster.tellLost(node);
      } else {
        thaw(node);
      }
    }
  }

  private void separate() {
    SimulatedShard shard = schedule.oneOf(cluster.shards());
    SimulatedShard standby = shard.standby();
    if (standby != null
        && shard.node() != cluster.keeper
        && standby.node() != cluster.keeper
        && !shard.node().isDead()
        && !standby.node().isDead()
        && !cluster.course.holdsShardAlone(shard.node().number)
        && !cluster.course.holdsShardAlone(standby.node().number)) {
      schedule.tell(() -> shard + " and its standby on " + standby.node() + " are separated");
      shard.cutMirror();
      cluster.tellSeparated(shard, standby);
    }
  }

  private void standbyLate() {
    SimulatedShard shard = schedule.oneOf(cluster.shards());
    if (shard.isMirrored()) {
      int number = shard.host.number();
      int standby = shard.standbyNumber();
      shard.link().send("the standby is late", () -> cluster.reported.standbyLate(number, standby));
    }
  }

  private void drain(SimulatedNode node) {
    schedule.tell(() -> node + " drains");
    node.drain();
  }

  private void late() {
    if (anyLate) {
      cluster.late(schedule.oneOf(cluster.shards()), 1 + schedule.choose(MOST_TIMES_LATE));
    }
  }

  private void release() {
    cluster.driver.release(
        schedule.oneIn(2) ? Long.MAX_VALUE : cluster.driver.steps() + schedule.choose(MOST_AHEAD));
  }

  /** Every node tells of another speed, as often as it takes for a plan to follow. */
  private void speeds() {
    for (SimulatedNode node : cluster.nodes()) {
      double nanos = 1e6 * (1 + schedule.choose(MOST_TIMES_SLOWER));
      node.up.send(
          () -> "a micro-batch takes " + nanos,
          () -> {
            for (int i = 0; i < REPORTS; i++) {
              cluster.course.speed(node.number, nanos);
            }
          });
    }
  }

  private void stop() {
    if (stops) {
      cluster.driver.stop();
    }
  }
}
