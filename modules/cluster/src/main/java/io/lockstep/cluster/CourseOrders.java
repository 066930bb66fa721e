package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Plan;
import io.lockstep.training.Promotion;
import io.lockstep.training.RunEnd;
import io.lockstep.training.RunEvent;
import io.lockstep.training.RunOrders;
import io.lockstep.training.ShardPlaces;
import io.lockstep.training.StepSums;
import java.util.List;

/** The orders of a run's course as messages to nodes and to the driver. */
interface CourseOrders extends RunOrders {

  /** Tells a node, if it is still there. */
  void tell(int node, Node.Command command);

  /** Tells whoever asked for the run. */
  void tellDriver(Driver.Command command);

  /** The run. */
  RunSpec spec();

  /** Whoever asked for the run, and has its jars. */
  ActorRef<Driver.Command> driver();

  /** Where the shards are. */
  ShardPlaces places();

  /** Milliseconds since the first step began. */
  long millisSinceStart();

  /** To whom nodes answer. */
  ActorRef<Coordinator.Command> coordinator();

  @Override
  default void prepare(int node) {
    tell(node, new Node.Prepare(spec(), driver()));
  }

  @Override
  default void open(int node, int shard) {
    places().serves(node, shard);
    tell(node, new Node.Open(shard));
  }

  @Override
  default void connect(int node, Plan plan) {
    tell(node, new Node.Connect(places().endpoints(), plan.number(), plan.shares()));
  }

  @Override
  default void know(int node, Plan plan) {
    tell(node, new Node.Know(plan.number(), plan.shares()));
  }

  @Override
  default void takeOver(int node, int lost) {
    tell(node, new Node.TakeOver(lost));
  }

  @Override
  default void takeOver(int node, int late, long step) {
    tell(node, new Node.TakeOverStep(late, step));
  }

  @Override
  default void activate(int node, int plan, boolean start) {
    tell(node, new Node.Activate(plan, start));
  }

  @Override
  default void hold(int node, long version) {
    tell(node, new Node.Hold(version));
  }

  @Override
  default void goOn(int node, long version) {
    tell(node, new Node.GoOn(version));
  }

  @Override
  default void release(int node, long nextHold) {
    tell(node, new Node.Release(nextHold));
  }

  @Override
  default void snapshot(int node, long version) {
    tell(node, new Node.Snapshot(version));
  }

  @Override
  default void restore() {
    tellDriver(new Driver.Restore(places().endpoints()));
  }

  @Override
  default void checkpoint(long version) {
    tellDriver(new Driver.Checkpoint(version, places().endpoints()));
  }

  @Override
  default void halt(int node) {
    tell(node, new Node.Halt());
  }

  @Override
  default void leave(int node) {
    tell(node, new Node.Leave());
  }

  @Override
  default void settle(int node, long version) {
    tell(node, new Node.Settle(version));
  }

  @Override
  default void evaluate(int node, Plan plan, List<Evaluation> evaluations, long version) {
    tell(node, new Node.Evaluate(evaluations, version, plan.number(), plan.shares()));
  }

  @Override
  default void totals(int node, int shard, long step, List<Double> totals) {
    tell(node, new Node.Totals(shard, step, totals));
  }

  @Override
  default void mirror(int node, int shard, int number) {
    places().standsBy(node, shard, number);
    tell(node, new Node.Mirror(shard, number, places().endpoint(shard), millisSinceStart()));
  }

  @Override
  default void dropStandby(int node, int shard) {
    tell(node, new Node.DropStandby(shard));
  }

  @Override
  default void withoutStandby(int node, int shard, int number) {
    places().withoutStandby(shard);
    tell(node, new Node.WithoutStandby(shard, number));
  }

  @Override
  default void forsake(int node, int shard) {
    tell(node, new Node.Forsake(shard));
  }

  @Override
  default void promote(int node, int shard, Promotion start) {
    places().serves(node, shard);
    tell(node, new Node.Promote(shard, places().standbyOf(shard), start));
  }

  @Override
  default void reconnect(int node, int shard) {
    tell(node, new Node.Reconnect(shard, places().endpoint(shard)));
  }

  @Override
  default void close(int node) {
    tell(node, new Node.Close());
  }

  @Override
  default void started() {
    tellDriver(new Driver.Started());
  }

  @Override
  default void steps(long first, List<StepSums> sums) {
    tellDriver(new Driver.Steps(first, sums));
  }

  @Override
  default void evaluated(Evaluation evaluation, long version, StepSums sums) {
    tellDriver(new Driver.Evaluated(evaluation, version, sums));
  }

  @Override
  default void held(long version) {
    tellDriver(new Driver.Held(version));
  }

  @Override
  default void planned(int plan, List<String> nodes) {
    tellDriver(new Driver.Planned(plan, nodes));
  }

  @Override
  default void event(RunEvent event) {
    tellDriver(new Driver.Changed(event));
  }

  @Override
  default void trained(long version, int divergedLayer) {
    tellDriver(new Driver.Trained(version, divergedLayer, places().endpoints()));
  }

  @Override
  default void ended(RunEnd end) {
    tellDriver(new Driver.Ended(end));
  }

  @Override
  default void failed(String why) {
    tellDriver(new Driver.Failed(why));
  }

  @Override
  default void broken(String why) {
    tellDriver(new Driver.Broken(why));
  }

  @Override
  default void suspended(String why) {
    tellDriver(new Driver.Suspended(why));
  }

  @Override
  default void keep(int node) {
    tell(node, new Node.Keep(spec().identity().runId()));
  }
}
