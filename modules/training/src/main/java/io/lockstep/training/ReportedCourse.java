package io.lockstep.training;

import java.util.List;

/**
 * The course of a run as nodes report to it: what comes from standbys that do not count any more is
 * kept from it, and who has lost a connection with whom is told as who is to go. Used by whoever
 * has the course.
 */
public final class ReportedCourse implements CourseReports {

  private final RunCourse course;
  private final ShardPlaces places;
  private final RunNodes nodes;

  /**
   * @param places kept by what carries the course's orders out, but for {@link #opened}
   */
  public ReportedCourse(RunCourse course, ShardPlaces places, RunNodes nodes) {
    this.course = course;
    this.places = places;
    this.nodes = nodes;
  }

  /** A shard is served. */
  public void opened(int shard, Endpoint endpoint) {
    places.opened(shard, endpoint);
    course.opened(shard);
  }

  @Override
  public void begun(long version, int plan) {
    course.begun(version, plan);
  }

  @Override
  public void snapshotTaken(int shard, long version) {
    course.snapshotTaken(shard, version);
  }

  @Override
  public void measured(int shard, long step, TotalsPart part) {
    course.measured(shard, step, part);
  }

  @Override
  public void stepsDone(int shard, int standby, long next, List<StepSums> sums) {
    if (standby == SERVED) {
      course.stepsDone(shard, next, sums);
    } else if (places.isStandby(shard, standby)) {
      course.stepsMirrored(shard, next, sums);
    }
  }

  @Override
  public void evaluated(
      int shard, int standby, Evaluation evaluation, long version, StepSums sums) {
    if (standby == SERVED) {
      course.evaluated(evaluation, version, sums);
    } else if (places.isStandby(shard, standby)) {
      course.evaluationMirrored(evaluation, version, sums);
    }
  }

  @Override
  public void stepFailed(int shard, long step, int layer) {
    course.stepFailed(shard, step, layer);
  }

  @Override
  public void disconnected(String peer, String why) {
    nodes.expel(peer, why);
  }

  @Override
  public void filled(int node, int shard, int standby, long version) {
    if (places.isStandby(shard, standby)) {
      course.filled(node, shard, version);
    }
  }

  /** A standby could not be opened, or connected. */
  public void standbyFailed(int node, int shard, int standby, String why) {
    if (places.isStandby(shard, standby)) {
      course.standbyFailed(node, shard, why);
    }
  }

  /**
   * A shard has waited for its standby much longer than for a usual step. What is said of one that
   * does not count is said because the server has not heard of it.
   */
  public void standbyLate(int shard, int standby) {
    if (places.isStandby(shard, standby)) {
      course.standbyLate(shard);
    } else {
      nodes.doesNotCount(places.server(shard), shard, standby);
    }
  }

  @Override
  public void primaryLost(int shard, int standby, String why) {
    places.serverThatStandbyLost(shard, standby).ifPresent(server -> nodes.expel(server, why));
  }
}
