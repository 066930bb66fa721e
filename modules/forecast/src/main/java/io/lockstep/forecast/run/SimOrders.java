package io.lockstep.forecast.run;

import io.lockstep.training.Evaluation;
import io.lockstep.training.Plan;
import io.lockstep.training.Promotion;
import io.lockstep.training.RunEnd;
import io.lockstep.training.RunEvent;
import io.lockstep.training.RunOrders;
import io.lockstep.training.ShardHost;
import io.lockstep.training.StepSums;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Passes on what the course orders, as messages to nodes. Nobody keeps the run: what only concerns
 * that is refused.
 */
final class SimOrders implements RunOrders {

  private final SimCluster cluster;

  SimOrders(SimCluster cluster) {
    this.cluster = cluster;
  }

  private void send(int node, Consumer<SimNode> order) {
    SimNode to = cluster.node(node);
    cluster.toNode(to, () -> order.accept(to));
  }

  private static IllegalStateException unexpected(String what) {
    return new IllegalStateException("simulated run: expected no " + what);
  }

  /** Nothing that was asked for is to blame: nobody dies whom a run does not survive. */
  private static IllegalStateException over(String why) {
    return new IllegalStateException("simulated run: expected it to go on, found: " + why);
  }

  @Override
  public void prepare(int node) {
    send(node, SimNode::prepare);
  }

  @Override
  public void open(int node, int shard) {
    cluster.places().serves(node, shard);
    send(node, n -> n.shards().open(shard));
  }

  @Override
  public void connect(int node, Plan plan) {
    send(node, n -> n.connect(plan));
  }

  @Override
  public void know(int node, Plan plan) {
    send(node, n -> n.know(plan));
  }

  @Override
  public void takeOver(int node, int lost) {
    send(node, n -> n.takeOver(lost));
  }

  @Override
  public void takeOver(int node, int late, long step) {
    send(node, n -> n.takeOver(late, step));
  }

  @Override
  public void activate(int node, int plan, boolean start) {
    send(
        node,
        n -> {
          n.shards().lead(host -> host.activate(plan));
          if (start) {
            n.shards().lead(ShardHost::start);
          }
        });
  }

  @Override
  public void totals(int node, int shard, long step, List<Double> totals) {
    double[] values = totals.stream().mapToDouble(Double::doubleValue).toArray();
    send(node, n -> n.shards().totals(shard, step, values));
  }

  @Override
  public void hold(int node, long version) {
    throw unexpected("hold");
  }

  @Override
  public void goOn(int node, long version) {
    send(node, n -> n.shards().lead(host -> host.goOn(version)));
  }

  @Override
  public void release(int node, long nextHold) {
    throw unexpected("release");
  }

  @Override
  public void snapshot(int node, long version) {
    throw unexpected("checkpoint");
  }

  /** The simulation is over before the run is. */
  @Override
  public void halt(int node) {}

  @Override
  public void leave(int node) {}

  @Override
  public void settle(int node, long version) {}

  @Override
  public void evaluate(int node, Plan plan, List<Evaluation> evaluations, long version) {}

  @Override
  public void mirror(int node, int shard, int number) {
    cluster.places().standsBy(node, shard, number);
    send(node, n -> n.shards().mirror(shard, number));
  }

  @Override
  public void dropStandby(int node, int shard) {
    send(node, n -> n.shards().dropStandby(shard));
  }

  @Override
  public void withoutStandby(int node, int shard, int number) {
    cluster.places().withoutStandby(shard);
    send(node, n -> n.shards().withoutStandby(shard, number));
  }

  @Override
  public void forsake(int node, int shard) {
    send(node, n -> n.forsake(shard));
  }

  @Override
  public void promote(int node, int shard, Promotion start) {
    cluster.places().serves(node, shard);
    send(node, n -> n.shards().promote(shard, start));
  }

  @Override
  public void reconnect(int node, int shard) {
    send(node, n -> n.reconnect(shard));
  }

  @Override
  public void close(int node) {}

  @Override
  public void limit(String doing, Duration limit) {}

  @Override
  public void unlimited() {}

  @Override
  public void restore() {
    throw unexpected("checkpoint to go on from");
  }

  @Override
  public void checkpoint(long version) {
    throw unexpected("checkpoint");
  }

  @Override
  public void started() {}

  @Override
  public void steps(long first, List<StepSums> sums) {}

  @Override
  public void evaluated(Evaluation evaluation, long version, StepSums sums) {}

  @Override
  public void held(long version) {}

  @Override
  public void planned(int plan, List<String> nodes) {
    cluster.planned();
  }

  @Override
  public void event(RunEvent event) {
    cluster.happened(event);
  }

  @Override
  public void trained(long version, int divergedLayer) {}

  @Override
  public void ended(RunEnd end) {}

  @Override
  public void failed(String why) {
    throw over(why);
  }

  @Override
  public void broken(String why) {
    throw over(why);
  }

  @Override
  public void suspended(String why) {
    throw over(why);
  }

  @Override
  public void keep(int node) {}
}
