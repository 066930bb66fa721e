package io.lockstep.training;

import java.util.ArrayList;
import java.util.List;

/** Keeps what is reported, as text. */
final class RecordedReports implements CourseReports {

  private final List<String> reports = new ArrayList<>();

  /** What was reported since the last time. */
  List<String> take() {
    List<String> taken = List.copyOf(reports);
    reports.clear();
    return taken;
  }

  private void add(String form, Object... values) {
    reports.add(form.formatted(values));
  }

  @Override
  public void begun(long version, int plan) {
    add("step %d begins under plan %d", version, plan);
  }

  @Override
  public void snapshotTaken(int shard, long version) {
    add("shard %d copied at %d", shard, version);
  }

  @Override
  public void measured(int shard, long step, TotalsPart part) {
    add("shard %d measured %s in step %d", shard, part.sums(), step);
  }

  @Override
  public void stepsDone(int shard, int standby, long next, List<StepSums> sums) {
    List<String> told = sums.stream().map(s -> s.loss() + "@" + s.nanos()).toList();
    add("shard %d/%d before %d: %s", shard, standby, next, told);
  }

  @Override
  public void evaluated(
      int shard, int standby, Evaluation evaluation, long version, StepSums sums) {
    String told = sums.loss() + "@" + sums.nanos();
    add("shard %d/%d %s of %d: %s", shard, standby, evaluation, version, told);
  }

  @Override
  public void stepFailed(int shard, long step, int layer) {
    add("shard %d failed in step %d, layer %d", shard, step, layer);
  }

  @Override
  public void disconnected(String peer, String why) {
    add("%s disconnected: %s", peer, why);
  }

  @Override
  public void filled(int node, int shard, int standby, long version) {
    add("node %d filled shard %d/%d at %d", node, shard, standby, version);
  }

  @Override
  public void primaryLost(int shard, int standby, String why) {
    add("shard %d/%d lost its primary: %s", shard, standby, why);
  }
}
