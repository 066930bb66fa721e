package io.lockstep.training;

import java.time.Duration;
import java.util.List;

/**
 * What the course of a run tells nodes to do, and tells whoever asked for the run. Nodes are named
 * by their number in the run.
 */
public interface RunOrders {

  /** Reads the data and checks that this node fits the run. */
  void prepare(int node);

  /** Opens a shard. */
  void open(int node, int shard);

  /** Connects workers to all shards and warms them; they compute once a plan includes them. */
  void connect(int node, Plan plan);

  /** Makes a plan known. */
  void know(int node, Plan plan);

  /** Computes this node's part of what {@code lost}, a node that was lost, left open. */
  void takeOver(int node, int lost);

  /** Computes this node's part of what {@code late}, a node that lives, left open of a step. */
  void takeOver(int node, int late, long step);

  /**
   * Lets a plan hold from the next step on.
   *
   * @param node the one with the leading shard
   * @param start whether the run starts with it
   */
  void activate(int node, int plan, boolean start);

  /**
   * Lets the run stand still at {@code version} or as soon after it as is still possible; answered
   * by {@link RunCourse#holding}.
   */
  void hold(int node, long version);

  /**
   * Lets workers go on from {@code version}, whose validation has ended no run.
   *
   * @param node the one with the leading shard
   */
  void goOn(int node, long version);

  /** Lets the run go on, to {@code nextHold}. */
  void release(int node, long nextHold);

  /**
   * Has the shards of a node take a snapshot of {@code version}; answered for each shard by {@link
   * RunCourse#snapshotTaken} or {@link RunCourse#snapshotMissed}.
   */
  void snapshot(int node, long version);

  /** Commits nothing more. */
  void halt(int node);

  /** Ends the steps of a node's workers. */
  void leave(int node);

  /** Falls back to {@code version}, the last that every shard has. */
  void settle(int node, long version);

  /** Evaluates the share that {@code plan} gives the node. */
  void evaluate(int node, Plan plan, List<Evaluation> evaluations, long version);

  /**
   * Tells a shard the totals over all of θ that its step waits for.
   *
   * @param node the one with the shard
   */
  void totals(int node, int shard, long step, List<Double> totals);

  /**
   * Opens a standby of a shard, which the shard's server then fills; answered by {@link
   * RunCourse#filled} or {@link RunCourse#standbyFailed}.
   *
   * @param number larger for each standby that is opened
   */
  void mirror(int node, int shard, int number);

  /**
   * A standby is not counted on any more.
   *
   * @param node the one with the standby
   */
  void dropStandby(int node, int shard);

  /**
   * A shard's server goes on without its standby.
   *
   * @param node the one with the server
   * @param number of the standby
   */
  void withoutStandby(int node, int shard, int number);

  /** Lets go of a shard's server, which is gone; answered by {@link RunCourse#forsaken}. */
  void forsake(int node, int shard);

  /**
   * Makes a standby its shard's server; answered by {@link RunCourse#opened}.
   *
   * @param start what the leading shard begins with
   */
  void promote(int node, int shard, Promotion start);

  /**
   * Connects workers to a shard's new server, and has them give again what may be missing there;
   * answered by {@link RunCourse#reconnected}.
   */
  void reconnect(int node, int shard);

  /** Forgets the run. */
  void close(int node);

  /** Limits the time of what goes on now; replaces the limit before. */
  void limit(String doing, Duration limit);

  /** Ends the time limit. */
  void unlimited();

  /**
   * All shards are there, and get the state that the run goes on from; answered by {@link
   * RunCourse#restored}.
   */
  void restore();

  /**
   * All shards have a snapshot of {@code version}, and all steps before it were told, and none
   * after: answered by {@link RunCourse#checkpointKept}.
   */
  void checkpoint(long version);

  /** The first step begins. */
  void started();

  /** Steps were committed by all shards. */
  void steps(long first, List<StepSums> sums);

  /** An evaluation is complete. */
  void evaluated(Evaluation evaluation, long version, StepSums sums);

  /** The run stands still at {@code version}, as it was told. */
  void held(long version);

  /**
   * A change of membership is prepared: it holds from the next step on.
   *
   * @param nodes the names of all who compute then
   */
  void planned(int plan, List<String> nodes);

  /** A change of membership took place, or was refused. */
  void event(RunEvent event);

  /** The last version is known. */
  void trained(long version, int divergedLayer);

  /** All is done. */
  void ended(RunEnd end);

  /** The run cannot go on, nor would another one of the same nodes. */
  void failed(String why);

  /**
   * The run cannot go on, since a part of it is gone: another may go on from its last checkpoint.
   */
  void broken(String why);

  /**
   * The run is over for want of workers, and nothing of it is gone: another may go on from what the
   * nodes {@link #keep}.
   */
  void suspended(String why);

  /** A node keeps what it has of the run, which is over. */
  void keep(int node);
}
