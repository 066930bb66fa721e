package io.lockstep.training;

import io.lockstep.nn.Sums;

/**
 * What a replica has of the parameter servers: it takes versions of θ and gives partials, bucket by
 * bucket.
 *
 * <p>Every wait ends when the exchange is stopped. A {@code worker} is the number of the replica,
 * which waits by one thread at a time. Positions are those of packed θ.
 */
public interface Exchange {

  /**
   * The array in which {@code version} stands as far as {@link #awaitWeights} has returned true;
   * read only.
   */
  float[] weights(long version);

  /**
   * Waits until θ[from, to) is committed at {@code version}.
   *
   * @return false if the exchange was stopped before
   */
  boolean awaitWeights(int worker, long version, int from, int to);

  /** Gives the sums of a node of {@code step}, before any of its gradient; copied. */
  void sendSums(long step, int level, int index, int leaves, Sums sums);

  /**
   * Gives one bucket of a node's gradient; the partial's bucket belongs to the exchange until it is
   * released.
   */
  void sendGradient(long step, int bucket, int level, int index, int leaves, Partial partial);

  /** Gives the sums of a node of an evaluation; copied. */
  void sendEvaluation(
      Evaluation evaluation, long version, int level, int index, int units, Sums sums);

  /**
   * Waits until every unit of the evaluation of {@code version} is in.
   *
   * @return false if the exchange was stopped before
   */
  boolean awaitEvaluation(Evaluation evaluation, long version);

  /** Whether the run has been told to stop. */
  boolean stopped();
}
