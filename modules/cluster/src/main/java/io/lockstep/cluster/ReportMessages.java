package io.lockstep.cluster;

import io.lockstep.training.CourseReports;
import io.lockstep.training.Evaluation;
import io.lockstep.training.StepSums;
import io.lockstep.training.TotalsPart;
import java.util.List;
import java.util.function.Consumer;

/**
 * What nodes report of their shards as messages.
 *
 * @param coordinator takes them
 */
record ReportMessages(Consumer<Coordinator.Command> coordinator) implements CourseReports {

  @Override
  public void begun(long version, int plan) {
    coordinator.accept(new Coordinator.Begun(version, plan));
  }

  @Override
  public void snapshotTaken(int shard, long version) {
    coordinator.accept(new Coordinator.SnapshotTaken(shard, version));
  }

  @Override
  public void measured(int shard, long step, TotalsPart part) {
    coordinator.accept(new Coordinator.Measured(shard, step, part));
  }

  @Override
  public void stepsDone(int shard, int standby, long next, List<StepSums> sums) {
    coordinator.accept(
        standby == SERVED
            ? new Coordinator.StepsDone(shard, next, sums)
            : new Coordinator.StepsMirrored(shard, standby, next, sums));
  }

  @Override
  public void evaluated(
      int shard, int standby, Evaluation evaluation, long version, StepSums sums) {
    coordinator.accept(
        standby == SERVED
            ? new Coordinator.Evaluated(evaluation, version, sums)
            : new Coordinator.EvaluationMirrored(shard, standby, evaluation, version, sums));
  }

  @Override
  public void stepFailed(int shard, long step, int layer) {
    coordinator.accept(new Coordinator.StepFailed(shard, step, layer));
  }

  @Override
  public void disconnected(String peer, String why) {
    coordinator.accept(new Coordinator.Disconnected(peer, why));
  }

  @Override
  public void filled(int node, int shard, int standby, long version) {
    coordinator.accept(new Coordinator.Filled(node, shard, standby, version));
  }

  @Override
  public void primaryLost(int shard, int standby, String why) {
    coordinator.accept(new Coordinator.PrimaryLost(shard, standby, why));
  }
}
