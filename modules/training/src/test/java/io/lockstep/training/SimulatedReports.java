package io.lockstep.training;

import java.util.List;

/**
 * What a simulated node reports of its shards, on its way to the course, and without times: none
 * pass here.
 *
 * @param up leads to the course
 */
record SimulatedReports(SimulatedLink up, ReportedCourse course) implements CourseReports {

  @Override
  public void begun(long version, int plan) {
    up.send("plan begun", () -> course.begun(version, plan));
  }

  @Override
  public void snapshotTaken(int shard, long version) {
    up.send("copied", () -> course.snapshotTaken(shard, version));
  }

  @Override
  public void measured(int shard, long step, TotalsPart part) {
    up.send(
        () -> "measured in step %d: %s".formatted(step, part),
        () -> course.measured(shard, step, part));
  }

  @Override
  public void stepsDone(int shard, int standby, long next, List<StepSums> sums) {
    List<StepSums> told = sums.stream().map(SimulatedReports::untimed).toList();
    up.send(() -> "steps before " + next, () -> course.stepsDone(shard, standby, next, told));
  }

  private static StepSums untimed(StepSums sums) {
    return UndisturbedRun.told(sums.toSums());
  }

  @Override
  public void evaluated(
      int shard, int standby, Evaluation evaluation, long version, StepSums sums) {
    StepSums told = untimed(sums);
    up.send(
        () -> "%s of %d".formatted(evaluation, version),
        () -> course.evaluated(shard, standby, evaluation, version, told));
  }

  @Override
  public void stepFailed(int shard, long step, int layer) {
    throw new AssertionError("step %d of shard %d is not finite".formatted(step, shard));
  }

  /** Connections break where the schedule says so, which tells the course by itself. */
  @Override
  public void disconnected(String peer, String why) {
    throw new AssertionError("disconnected from " + peer + ": " + why);
  }

  @Override
  public void filled(int node, int shard, int standby, long version) {
    up.send("filled at " + version, () -> course.filled(node, shard, standby, version));
  }

  @Override
  public void primaryLost(int shard, int standby, String why) {
    throw new AssertionError("shard " + shard + " lost its primary: " + why);
  }
}
