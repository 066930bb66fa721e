package io.lockstep.cluster;

import java.util.concurrent.CompletionStage;

/**
 * A run that was started, wherever its nodes are. Thread-safe; whoever starts it closes it, and
 * closing one that still trains breaks it off.
 */
public interface Run extends AutoCloseable {

  /** Completes when the run ends, however it ends. */
  CompletionStage<RunResult> result();

  /** Ends the run at the last committed version; {@link #result} completes soon after. */
  void stop();

  /** Lets the run stand still when it reaches {@code version}, with every step before it done. */
  void hold(long version);

  /** Lets a run that stands still go on. */
  default void release() {
    release(Long.MAX_VALUE);
  }

  /** Lets a run that stands still go on, until it reaches {@code nextHold}. */
  void release(long nextHold);

  /** What was to be kept of {@code version} is, or cannot be: the next checkpoint may follow. */
  void checkpointKept(long version);

  /** Whoever started a node saw it end: that holds at once, before any failure detector says so. */
  default void nodeDied(NodeAddresses node) {}

  /**
   * Starts one more worker, which joins the run.
   *
   * @throws UnsupportedOperationException if the run's workers are not this process's to start
   */
  default void join(String worker) {
    throw new UnsupportedOperationException("expected a run within this process");
  }

  /**
   * Has a failure happen to a node, on purpose.
   *
   * @throws UnsupportedOperationException if the run's nodes are not in this process
   */
  default void suffer(String node, NodeFault fault) {
    throw new UnsupportedOperationException("expected a run within this process");
  }

  @Override
  void close();
}
