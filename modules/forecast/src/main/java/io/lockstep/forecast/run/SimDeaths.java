package io.lockstep.forecast.run;

import io.lockstep.forecast.Death;
import java.util.ArrayList;
import java.util.List;

/** Has nodes of a cluster die, and others hear of it. */
final class SimDeaths {

  /**
   * After so long without a heartbeat a node counts as gone: 6 s until it is suspected, and 5 s
   * until that is stable, as {@code lockstep-cluster.conf} says.
   */
  private static final long VERDICT_NANOS = 11_000_000_000L;

  private static final String WHY = "its process ended or cannot be reached";

  private final SimCluster cluster;
  private final World world;

  SimDeaths(SimCluster cluster) {
    this.cluster = cluster;
    this.world = cluster.world();
  }

  /** One node of that kind dies: the server of the leading shard, or the last that has work. */
  void one(Death death) {
    SimNode victim = death.isOfServer() ? cluster.shard(0).server() : cluster.lastBusy();
    kill(victim, death.isSilent());
  }

  /**
   * A node dies.
   *
   * @param silently without a word of its connections
   */
  void kill(SimNode node, boolean silently) {
    List<Runnable> heard = silently ? List.of() : whoHears(node);
    node.die();
    heard.forEach(hears -> world.queue.after(world.latencyNanos(), hears));
    world.queue.after(
        VERDICT_NANOS, () -> cluster.toCourse(course -> course.lost(node.number(), WHY)));
  }

  /** Those who have a connection with it. */
  private List<Runnable> whoHears(SimNode node) {
    List<Runnable> heard = new ArrayList<>();
    String name = node.toString();
    cluster
        .shards()
        .filter(shard -> shard.connected().contains(node))
        .forEach(shard -> heard.add(on(shard, () -> shard.host().disconnected(name, WHY))));
    for (SimShard own : node.shards().all()) {
      own.connected().forEach(to -> heard.add(on(to, () -> to.lost(own.number(), WHY))));
      if (own.mirror() != null) {
        heard.add(
            own.host().isStandby()
                ? standbyLost(own.mirror().primary(), name)
                : primaryLost(own.mirror().standby()));
      }
    }
    return heard;
  }

  private Runnable standbyLost(SimShard primary, String name) {
    return on(primary, () -> primary.host().disconnected(name, WHY));
  }

  private Runnable primaryLost(SimShard standby) {
    return on(standby, () -> standby.host().following().primaryLost(WHY));
  }

  private Runnable on(SimShard shard, Runnable hears) {
    return on(shard.server(), hears);
  }

  private Runnable on(SimNode node, Runnable hears) {
    return () -> world.meter.run(node.machine().control(), 0, hears);
  }
}
