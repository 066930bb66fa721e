package io.lockstep.training;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a run's course orders and tells, each as one line, until it is taken. */
final class RecordedOrders implements RunOrders {

  private final List<String> told = new ArrayList<>();

  /** Who computes by the newest plan. */
  List<String> planned = List.of();

  /** What was told since the last call. */
  List<String> take() {
    List<String> taken = List.copyOf(told);
    told.clear();
    return taken;
  }

  private void add(String form, Object... values) {
    told.add(form.formatted(values));
  }

  private static String words(Plan plan) {
    return "plan "
        + plan.number()
        + " "
        + plan.shares().stream().map(RecordedOrders::words).toList();
  }

  private static String words(Plan.Share share) {
    String speed = share.speed() == Plan.USUAL_SPEED ? "" : "@" + share.speed();
    return share.node() + "x" + share.slots() + speed;
  }

  @Override
  public void prepare(int node) {
    add("prepare %d", node);
  }

  @Override
  public void open(int node, int shard) {
    add("open %d shard %d", node, shard);
  }

  @Override
  public void connect(int node, Plan plan) {
    add("connect %d %s", node, words(plan));
  }

  @Override
  public void know(int node, Plan plan) {
    add("know %d %s", node, words(plan));
  }

  @Override
  public void activate(int node, int plan, boolean start) {
    add("activate %d plan %d%s", node, plan, start ? " start" : "");
  }

  @Override
  public void hold(int node, long version) {
    add("hold %d at %d", node, version);
  }

  @Override
  public void goOn(int node, long version) {
    add("go on %d from %d", node, version);
  }

  @Override
  public void release(int node, long nextHold) {
    add("release %d%s", node, nextHold == Long.MAX_VALUE ? "" : " to " + nextHold);
  }

  @Override
  public void snapshot(int node, long version) {
    add("snapshot %d at %d", node, version);
  }

  @Override
  public void restore() {
    add("restore");
  }

  @Override
  public void checkpoint(long version) {
    add("checkpoint %d", version);
  }

  @Override
  public void takeOver(int node, int lost) {
    add("take over %d from %d", node, lost);
  }

  @Override
  public void takeOver(int node, int late, long step) {
    add("take over %d from %d in step %d", node, late, step);
  }

  @Override
  public void halt(int node) {
    add("halt %d", node);
  }

  @Override
  public void leave(int node) {
    add("leave %d", node);
  }

  @Override
  public void settle(int node, long version) {
    add("settle %d at %d", node, version);
  }

  @Override
  public void evaluate(int node, Plan plan, List<Evaluation> evaluations, long version) {
    add("evaluate %d plan %d %s of %d", node, plan.number(), evaluations, version);
  }

  @Override
  public void totals(int node, int shard, long step, List<Double> totals) {
    add("totals %d shard %d step %d %s", node, shard, step, totals);
  }

  @Override
  public void mirror(int node, int shard, int number) {
    add("mirror %d shard %d", node, shard);
  }

  @Override
  public void dropStandby(int node, int shard) {
    add("drop standby %d of shard %d", node, shard);
  }

  @Override
  public void withoutStandby(int node, int shard, int number) {
    add("go on %d without standby of shard %d", node, shard);
  }

  @Override
  public void forsake(int node, int shard) {
    add("forsake %d shard %d", node, shard);
  }

  @Override
  public void promote(int node, int shard, Promotion start) {
    add(
        "promote %d shard %d after step %d plan %d, then %d",
        node, shard, start.begunVersion(), start.begunPlan(), start.activePlan());
  }

  @Override
  public void reconnect(int node, int shard) {
    add("reconnect %d shard %d", node, shard);
  }

  @Override
  public void close(int node) {
    add("close %d", node);
  }

  @Override
  public void limit(String doing, Duration limit) {
    add("limit %s", doing);
  }

  @Override
  public void unlimited() {
    add("unlimited");
  }

  @Override
  public void started() {
    add("started");
  }

  @Override
  public void steps(long first, List<StepSums> sums) {
    add("steps %d to %d", first, first + sums.size() - 1);
  }

  @Override
  public void evaluated(Evaluation evaluation, long version, StepSums sums) {
    add("evaluated %s of %d", evaluation, version);
  }

  @Override
  public void held(long version) {
    add("held at %d", version);
  }

  @Override
  public void planned(int plan, List<String> nodes) {
    add("planned %d", plan);
    planned = nodes;
  }

  @Override
  public void event(RunEvent event) {
    add("%s %s at %d%s", event.node(), event.what(), event.step(), detail(event));
  }

  private static String detail(RunEvent event) {
    return event.detail().isEmpty() ? "" : ": " + event.detail();
  }

  @Override
  public void trained(long version, int divergedLayer) {
    add("trained %d%s", version, divergedLayer < 0 ? "" : ", layer " + divergedLayer);
  }

  @Override
  public void ended(RunEnd end) {
    List<String> work =
        end.nodes().stream().map(node -> node.node() + node.microBatches()).toList();
    add("ended at %d, layer %d, %s", end.version(), end.divergedLayer(), work);
  }

  @Override
  public void failed(String why) {
    add("failed: %s", why);
  }

  @Override
  public void broken(String why) {
    add("broken: %s", why);
  }

  @Override
  public void suspended(String why) {
    add("suspended: %s", why);
  }

  @Override
  public void keep(int node) {
    add("keep %d", node);
  }
}
