package io.lockstep.training;

import java.time.Duration;

/** What a run's course is at; each has a time limit, but the steps themselves. */
enum Phase {
  /** Until there are enough nodes; whoever asked for the run says how long. */
  ASSEMBLING("waiting for nodes", null),
  /** Until every node has the data and fits. */
  PREPARING("reading the data", Duration.ofMinutes(10)),
  /** Until every shard is there. */
  OPENING("opening shards", Duration.ofMinutes(2)),
  /** Until every shard has its part of the checkpoint that the run goes on from. */
  RESTORING("restoring the checkpoint", Duration.ofMinutes(15)),
  /** Until every worker is warm. */
  CONNECTING("connecting and warming workers", Duration.ofMinutes(5)),
  /** Until the last step, a stop, or a step that is not finite. */
  TRAINING("training", null),
  /** Until no shard commits anything more. */
  HALTING("halting", Duration.ofMinutes(1)),
  /** Until every worker has left the steps: within one pass. */
  LEAVING("leaving the steps", Duration.ofMinutes(10)),
  /** Until all have fallen back to the last version that every shard has. */
  SETTLING("falling back to the last version", Duration.ofMinutes(1)),
  /** Until the last version is evaluated, one forward pass over the rows, and its weights kept. */
  EVALUATING("evaluating", Duration.ofHours(2)),
  /** There is nothing more to do. */
  ENDED("", null);

  private final String doing;
  private final Duration limit;

  Phase(String doing, Duration limit) {
    this.doing = doing;
    this.limit = limit;
  }

  String doing() {
    return doing;
  }

  /** The most time that it may take; null if there is no such limit. */
  Duration limit() {
    return limit;
  }

  boolean isBefore(Phase other) {
    return compareTo(other) < 0;
  }
}
