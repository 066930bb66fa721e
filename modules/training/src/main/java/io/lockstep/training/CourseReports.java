package io.lockstep.training;

import java.util.List;

/**
 * What nodes report of their shards to the course of a run, now and then: each call is a message of
 * its own, and those of one shard arrive in the order in which they were given.
 */
public interface CourseReports {

  /** In place of the number of a standby: the server of a shard tells itself. */
  int SERVED = 0;

  /** A plan holds from step {@code version} on. */
  void begun(long version, int plan);

  /** A shard has been copied. */
  void snapshotTaken(int shard, long version);

  /** A shard waits for the totals over all of θ of a step; repeated until it has them. */
  void measured(int shard, long step, TotalsPart part);

  /**
   * A shard has version {@code next}.
   *
   * @param standby number of the standby that tells; {@link #SERVED} if the server does
   * @param sums of the steps since the last report, from the shard that keeps them
   */
  void stepsDone(int shard, int standby, long next, List<StepSums> sums);

  /**
   * An evaluation is complete.
   *
   * @param standby number of the standby that tells; {@link #SERVED} if the server does
   */
  void evaluated(int shard, int standby, Evaluation evaluation, long version, StepSums sums);

  /** A step of a shard is not finite. */
  void stepFailed(int shard, long step, int layer);

  /**
   * A parameter server has lost its connection with a node's workers, or with a standby.
   *
   * @param peer name of that node
   */
  void disconnected(String peer, String why);

  /** A standby has all of its shard; its reports begin with the step {@code version}. */
  void filled(int node, int shard, int standby, long version);

  /** A standby has lost its connection with its shard's server. */
  void primaryLost(int shard, int standby, String why);
}
