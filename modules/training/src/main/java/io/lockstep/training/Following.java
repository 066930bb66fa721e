package io.lockstep.training;

import io.lockstep.nn.Sums;

/**
 * What comes to a standby from the shard that is served: the state of each bucket, and from then on
 * what leads from one version to the next.
 *
 * <p>Used by one thread, that of the connection, in the order in which the shard has told. A bucket
 * or an array that there cannot be throws {@link IllegalArgumentException} and changes nothing;
 * what is late is dropped.
 */
public final class Following {

  private final ShardHost host;
  private final ShardBuckets buckets;
  private final ShardRestore restore;
  private final ShardEvaluations evaluations;
  private final ShardListener listener;

  private volatile long filledFrom = -1;

  Following(
      ShardHost host,
      ShardBuckets buckets,
      ShardRestore restore,
      ShardEvaluations evaluations,
      ShardListener listener) {
    this.host = host;
    this.buckets = buckets;
    this.restore = restore;
    this.evaluations = evaluations;
    this.listener = listener;
  }

  boolean isFilled() {
    return filledFrom >= 0;
  }

  /** The step that its reports begin with; -1 as long as a bucket is missing. */
  public long filledFrom() {
    return filledFrom;
  }

  /**
   * Takes an array of a bucket, as of {@link Mirror#state}.
   *
   * @param values holds the bucket at {@code at}; copied
   * @throws IllegalArgumentException if there is no such array
   */
  public void state(long version, int bucket, int array, float[] values, int at) {
    int own = buckets.own(bucket);
    synchronized (buckets.lock(own)) {
      restore.take(version, bucket, array, values, at);
      buckets.version(own, version);
      host.expect(own, version);
    }
    if (restore.isWhole()) {
      begin();
    }
  }

  private void begin() {
    long least = Long.MAX_VALUE;
    long newest = 0;
    int behind = 0;
    for (int own = 0; own < buckets.count(); own++) {
      long version = buckets.version(own);
      behind = version < least ? 1 : version == least ? behind + 1 : behind;
      least = Math.min(least, version);
      newest = Math.max(newest, version);
    }
    host.open(least, behind, newest);
    filledFrom = least;
    listener.filled(least);
    evaluations.tellFrom(least);
  }

  /** Takes the sums of all of {@code step}; copied. */
  public void sums(long step, Sums sums) {
    host.takeAll(step, sums);
  }

  /** Takes the totals that the update of {@code step} needs; copied. */
  public void totals(long step, double[] totals) {
    host.takeTotals(step, totals);
  }

  /** Takes the sum over all of {@code step} of a bucket's gradient, which it releases. */
  public void root(long step, int bucket, Partial root) {
    host.takeRoot(step, bucket, root);
  }

  /** Takes an evaluation that is complete; copied. */
  public void evaluated(Evaluation evaluation, long version, Sums sums) {
    evaluations.takeWhole(evaluation, version, sums, isFilled());
    host.tellEvaluated(evaluation, version);
  }

  /** The connection with the shard that is served broke. */
  public void primaryLost(String why) {
    listener.primaryLost(why);
  }
}
