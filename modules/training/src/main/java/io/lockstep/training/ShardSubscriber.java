package io.lockstep.training;

/**
 * Told of a shard's new versions, inline, by the threads that complete them: implementations copy
 * or encode what they need before they return, and never wait.
 */
public interface ShardSubscriber {

  /**
   * A bucket has a new version.
   *
   * @param plan the plan of {@code version} if this shard decides it, see {@link #begins}; else
   *     {@value ShardHost#NO_PLAN}
   * @param theta holds the bucket at {@code at}; not overwritten before {@code version} + 2
   */
  void published(int bucket, long version, int plan, float[] theta, int at);

  /** Step {@code version} is computed as {@code plan} says, by those who have its weights. */
  void begins(long version, int plan);

  /** Every unit of an evaluation of {@code version} is in: the next step may begin. */
  void evaluated(Evaluation evaluation, long version);
}
