package io.lockstep.forecast.run;

import io.lockstep.training.CourseReports;
import io.lockstep.training.Evaluation;
import io.lockstep.training.StepSums;
import io.lockstep.training.TotalsPart;
import java.util.List;

/** What nodes report of their shards, on its way to the coordinator: a message each. */
record SimReports(SimCluster cluster) implements CourseReports {

  @Override
  public void begun(long version, int plan) {
    cluster.toReports(course -> course.begun(version, plan));
  }

  @Override
  public void snapshotTaken(int shard, long version) {
    cluster.toReports(course -> course.snapshotTaken(shard, version));
  }

  @Override
  public void measured(int shard, long step, TotalsPart part) {
    cluster.toReports(course -> course.measured(shard, step, part));
  }

  @Override
  public void stepsDone(int shard, int standby, long next, List<StepSums> sums) {
    cluster.toReports(course -> course.stepsDone(shard, standby, next, sums));
  }

  @Override
  public void evaluated(
      int shard, int standby, Evaluation evaluation, long version, StepSums sums) {
    cluster.toReports(course -> course.evaluated(shard, standby, evaluation, version, sums));
  }

  @Override
  public void stepFailed(int shard, long step, int layer) {
    cluster.toReports(course -> course.stepFailed(shard, step, layer));
  }

  @Override
  public void disconnected(String peer, String why) {
    cluster.toReports(course -> course.disconnected(peer, why));
  }

  @Override
  public void filled(int node, int shard, int standby, long version) {
    cluster.toReports(course -> course.filled(node, shard, standby, version));
  }

  @Override
  public void primaryLost(int shard, int standby, String why) {
    cluster.toReports(course -> course.primaryLost(shard, standby, why));
  }
}
