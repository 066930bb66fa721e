package io.lockstep.training;

import io.lockstep.nn.Sums;
import io.lockstep.training.trace.Tracer;

/**
 * What the exchange of a node gives to the parameter servers. Called by compute threads; whatever
 * is passed is copied or handed on before a call returns.
 */
public interface Uplink {

  /** Gives the sums of a node to every server, before any gradient of that node. */
  void sums(long step, int level, int index, int leaves, Sums sums);

  /** Gives one bucket of a node's gradient to the bucket's server, and releases the bucket. */
  void gradient(long step, int bucket, int level, int index, int leaves, Partial partial);

  /** Gives the sums of a node of an evaluation to the server of the first bucket. */
  void evaluation(Evaluation evaluation, long version, int level, int index, int units, Sums sums);

  /** Has what is sent be noted; before the first call of the others. */
  default void noteTo(Tracer tracer) {}
}
