package io.lockstep.forecast.run;

import io.lockstep.training.CourseReports;
import io.lockstep.training.Endpoint;
import io.lockstep.training.Promotion;
import io.lockstep.training.ShardHost;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The shards of a node, those that it serves and those of which it has standbys. */
final class SimShards {

  private final SimCluster cluster;
  private final World world;
  private final SimNode node;
  private final Map<Integer, SimShard> served = new TreeMap<>();
  private final Map<Integer, SimShard> standbys = new TreeMap<>();
  private boolean tells;

  SimShards(SimCluster cluster, World world, SimNode node) {
    this.cluster = cluster;
    this.world = world;
    this.node = node;
  }

  /** Those that it serves. */
  Collection<SimShard> served() {
    return served.values();
  }

  private SimShard shard(int number, int standby) {
    return new SimShard(world, node, number, standby, cluster.steps());
  }

  // What the course orders.

  void open(int number) {
    serve(shard(number, CourseReports.SERVED));
    tellOpened(number);
  }

  private void serve(SimShard shard) {
    served.put(shard.number(), shard);
    cluster.serves(shard);
  }

  private void tellOpened(int number) {
    cluster.toReports(course -> course.opened(number, Endpoint.IN_PROCESS));
  }

  /** Opens a standby, unless there is one already. */
  void mirror(int number, int standby) {
    if (!standbys.containsKey(number)) {
      SimShard opened = shard(number, standby);
      standbys.put(number, opened);
      opened.follow(cluster.shard(number), standby);
    }
  }

  void dropStandby(int number) {
    SimShard standby = standbys.remove(number);
    if (standby != null) {
      standby.unfollow();
    }
  }

  void withoutStandby(int number, int standby) {
    SimShard shard = served.get(number);
    if (shard != null) {
      shard.withoutStandby(standby);
    }
  }

  void promote(int number, Promotion start) {
    if (!served.containsKey(number)) { // Else it is asked again.
      SimShard standby = standbys.remove(number);
      standby.promote(start);
      serve(standby);
    }
    tellOpened(number);
  }

  void lead(Consumer<ShardHost> order) {
    served.values().stream().map(SimShard::host).filter(ShardHost::leads).forEach(order);
  }

  void totals(int number, long step, double[] totals) {
    SimShard shard = served.get(number);
    if (shard != null) {
      shard.host().totals(step, totals);
    }
  }

  // Reports.

  /** Tells the course soon what they have done. */
  void tellSoon() {
    if (!tells && !(served.isEmpty() && standbys.isEmpty())) {
      tells = true;
      var control = node.machine().control();
      world.meter.pass(control, 0, 0, () -> world.meter.run(control, 0, this::tell));
    }
  }

  private void tell() {
    tells = false;
    all().forEach(shard -> shard.tell(cluster));
  }

  /** Those that it serves, and standbys. */
  List<SimShard> all() {
    List<SimShard> all = new ArrayList<>(served.values());
    all.addAll(standbys.values());
    return all;
  }

  /** Its process is no more. */
  void end() {
    all().forEach(SimShard::end);
  }
}
