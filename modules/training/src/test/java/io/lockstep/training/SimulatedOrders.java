package io.lockstep.training;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Passes on what the course orders: to nodes as messages, of which those that are asked for again
 * may be lost; to whoever asked for the run at once.
 */
final class SimulatedOrders implements RunOrders {

  private static final int LOST_ONE_IN = 30;

  private final SimulatedCluster cluster;

  SimulatedOrders(SimulatedCluster cluster) {
    this.cluster = cluster;
  }

  private void send(int node, String what, Consumer<SimulatedNode> order) {
    SimulatedNode to = cluster.node(node);
    to.down.send(what, () -> order.accept(to));
  }

  private void sendUnlessLost(int node, String what, Consumer<SimulatedNode> order) {
    if (!cluster.losesMessages || !cluster.schedule.oneIn(LOST_ONE_IN)) {
      send(node, what, order);
    }
  }

  private void tell(String form, Object... values) {
    cluster.schedule.tell(() -> "told: " + form.formatted(values));
  }

  private static String words(Plan plan) {
    return "plan " + plan.number() + " of " + plan.shares();
  }

  @Override
  public void prepare(int node) {
    sendUnlessLost(node, "prepare", SimulatedNode::prepare);
  }

  @Override
  public void open(int node, int shard) {
    cluster.places.serves(node, shard);
    send(node, "open shard " + shard, n -> n.open(shard));
  }

  @Override
  public void connect(int node, Plan plan) {
    sendUnlessLost(node, "connect, " + words(plan), n -> n.connect(plan));
  }

  @Override
  public void know(int node, Plan plan) {
    sendUnlessLost(node, "know " + words(plan), n -> n.know(plan));
  }

  @Override
  public void takeOver(int node, int lost) {
    send(node, "take over from " + lost, n -> n.takeOver(lost));
  }

  @Override
  public void takeOver(int node, int late, long step) {
    send(node, "take over from " + late + " in step " + step, n -> n.takeOver(late, step));
  }

  @Override
  public void activate(int node, int plan, boolean start) {
    send(
        node,
        "activate plan " + plan,
        n -> {
          n.lead(host -> host.activate(plan));
          if (start) {
            n.lead(ShardHost::start);
          }
        });
  }

  @Override
  public void hold(int node, long version) {
    send(node, "hold at " + version, n -> n.lead(host -> n.holding(host.holdAt(version))));
  }

  @Override
  public void goOn(int node, long version) {
    send(node, "go on from " + version, n -> n.lead(host -> host.goOn(version)));
  }

  @Override
  public void release(int node, long nextHold) {
    send(node, "release to " + nextHold, n -> n.lead(host -> n.holding(host.release(nextHold))));
  }

  @Override
  public void snapshot(int node, long version) {
    send(node, "copy at " + version, n -> n.snapshot(version));
  }

  @Override
  public void halt(int node) {
    send(node, "halt", SimulatedNode::halt);
  }

  @Override
  public void leave(int node) {
    send(node, "leave", SimulatedNode::leave);
  }

  @Override
  public void settle(int node, long version) {
    send(node, "settle at " + version, n -> n.settle(version));
  }

  @Override
  public void evaluate(int node, Plan plan, List<Evaluation> evaluations, long version) {
    send(
        node,
        "evaluate %s of %d by %s".formatted(evaluations, version, words(plan)),
        n -> n.evaluate(plan, evaluations, version));
  }

  @Override
  public void totals(int node, int shard, long step, List<Double> totals) {
    double[] values = totals.stream().mapToDouble(Double::doubleValue).toArray();
    sendUnlessLost(
        node,
        "totals of step %d for shard %d: %s".formatted(step, shard, totals),
        n -> n.totals(shard, step, values));
  }

  @Override
  public void mirror(int node, int shard, int number) {
    cluster.places.standsBy(node, shard, number);
    sendUnlessLost(node, "mirror shard " + shard, n -> n.mirror(shard, number));
  }

  @Override
  public void dropStandby(int node, int shard) {
    send(node, "drop the standby of shard " + shard, n -> n.dropStandby(shard));
  }

  @Override
  public void withoutStandby(int node, int shard, int number) {
    cluster.places.withoutStandby(shard);
    send(node, "go on without a standby of shard " + shard, n -> n.withoutStandby(shard, number));
  }

  @Override
  public void forsake(int node, int shard) {
    sendUnlessLost(node, "forsake shard " + shard, n -> n.forsake(shard));
  }

  @Override
  public void promote(int node, int shard, Promotion start) {
    cluster.places.serves(node, shard);
    send(node, "promote shard " + shard + ": " + start, n -> n.promote(shard, start));
  }

  @Override
  public void reconnect(int node, int shard) {
    send(node, "reconnect to shard " + shard, n -> n.reconnect(shard));
  }

  @Override
  public void close(int node) {
    send(node, "close", SimulatedNode::close);
  }

  @Override
  public void limit(String doing, Duration limit) {
    tell("limit of %s", doing);
  }

  @Override
  public void unlimited() {}

  @Override
  public void restore() {
    throw new AssertionError("no run goes on from a checkpoint");
  }

  @Override
  public void checkpoint(long version) {
    tell("checkpoint %d", version);
    cluster.driver.checkpoint(version);
  }

  @Override
  public void started() {
    tell("started");
    cluster.driver.started();
  }

  @Override
  public void steps(long first, List<StepSums> sums) {
    tell("%d steps from %d", sums.size(), first);
    cluster.driver.steps(first, sums);
  }

  @Override
  public void evaluated(Evaluation evaluation, long version, StepSums sums) {
    tell("%s of %d", evaluation, version);
    cluster.driver.evaluated(evaluation, version, sums);
  }

  @Override
  public void held(long version) {
    tell("held at %d", version);
    cluster.driver.held();
  }

  @Override
  public void planned(int plan, List<String> nodes) {
    tell("plan %d of %s", plan, nodes);
  }

  @Override
  public void event(RunEvent event) {
    tell("%s", event);
    cluster.driver.event(event);
  }

  @Override
  public void trained(long version, int divergedLayer) {
    tell("trained %d", version);
    cluster.driver.trained(version, divergedLayer);
  }

  @Override
  public void ended(RunEnd end) {
    tell("ended %s", end);
    cluster.driver.ended(end);
  }

  @Override
  public void failed(String why) {
    throw new AssertionError("the run failed: " + why);
  }

  @Override
  public void broken(String why) {
    tell("broken: %s", why);
    cluster.driver.broken(why);
  }

  @Override
  public void suspended(String why) {
    tell("suspended: %s", why);
    cluster.driver.suspended();
  }

  /** Going on from what is left is not simulated. */
  @Override
  public void keep(int node) {
    close(node);
  }
}
