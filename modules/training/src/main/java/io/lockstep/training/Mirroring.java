package io.lockstep.training;

import io.lockstep.nn.Sums;

/**
 * What a shard that is served does for its standby: fills it bucket by bucket, forwards to it, and
 * publishes what it has acknowledged.
 *
 * <p>Thread-safe. What concerns a bucket is guarded by that bucket's lock.
 */
public final class Mirroring {

  private final ShardHost host;
  private final Shard shard;
  private final ShardBuckets buckets;
  private final Theta theta;
  private final ShardStep open;
  private final ShardEvaluations evaluations;
  private final boolean[] pending;
  private volatile Session session;
  private volatile int newest;

  /** What one standby has. */
  private static final class Session {

    final Mirror mirror;

    /** It has, or is about to have, all of these; each under its bucket's lock. */
    final boolean[] mirrored;

    private int next;

    Session(Mirror mirror, int buckets) {
      this.mirror = mirror;
      this.mirrored = new boolean[buckets];
    }

    /** The next bucket that it lacks; -1 if there is none. */
    synchronized int next() {
      return next == mirrored.length ? -1 : next++;
    }
  }

  Mirroring(
      ShardHost host,
      Shard shard,
      ShardBuckets buckets,
      Theta theta,
      ShardStep open,
      ShardEvaluations evaluations) {
    this.host = host;
    this.shard = shard;
    this.buckets = buckets;
    this.theta = theta;
    this.open = open;
    this.evaluations = evaluations;
    this.pending = new boolean[buckets.count()];
  }

  /**
   * Mirrors to a standby that has nothing yet, and is filled by {@link #fillNext}; it takes the
   * place of an older one.
   *
   * @param number larger for each standby that the shard gets
   * @throws IllegalStateException if that standby is given up already, or there is a newer one
   */
  public synchronized void begin(Mirror mirror, int number) {
    if (number <= newest) {
      throw new IllegalStateException(
          "standby: expected one that is newer than number %d, found number %d"
              .formatted(newest, number));
    }
    end(number - 1);
    newest = number;
    session = new Session(mirror, pending.length);
    open.mirrorTo(mirror);
    evaluations.mirrorTo(mirror);
  }

  /** The number of the newest standby, given up or not; 0 if there was none. */
  public int newest() {
    return newest;
  }

  /**
   * Gives a standby the next bucket; from then on the bucket's roots follow.
   *
   * @return false if it lacks none, or another has taken its place
   */
  public boolean fillNext(Mirror mirror) {
    Session to = session;
    if (to == null || to.mirror != mirror) {
      return false;
    }
    int own = to.next();
    if (own < 0) {
      return false;
    }
    int bucket = buckets.number(own);
    int from = buckets.from(own);
    synchronized (buckets.lock(own)) {
      if (session != to) {
        return false;
      }
      long version = buckets.version(own);
      float[][] state = shard.state();
      mirror.state(version, bucket, 0, theta.array(version), from - theta.from());
      for (int i = 0; i < state.length; i++) {
        mirror.state(version, bucket, 1 + i, state[i], from - shard.from());
      }
      to.mirrored[own] = true;
    }
    return true;
  }

  /** The standby has a version of a bucket: it is published. */
  public void acknowledged(int bucket, long version) {
    int own = buckets.own(bucket);
    synchronized (buckets.lock(own)) {
      if (buckets.version(own) + 1 == version && takePending(own)) {
        host.commit(version - 1, own, Sums.NONE);
      }
    }
  }

  /** The standby has an evaluation: it is told. */
  public void acknowledged(Evaluation evaluation, long version) {
    if (evaluations.tell(evaluation, version)) {
      host.evaluated(evaluation, version);
    }
  }

  /**
   * Goes on without a standby of this number, or an older one: what has waited for it is published.
   * Nothing happens if there is a newer one.
   */
  public synchronized void end(int number) {
    if (number < newest) {
      return;
    }
    newest = number;
    session = null;
    open.mirrorTo(null);
    evaluations.mirrorTo(null);
    for (int own = 0; own < pending.length; own++) {
      synchronized (buckets.lock(own)) {
        commitPending(own);
      }
    }
    for (Evaluation evaluation : Evaluation.values()) {
      acknowledged(evaluation, evaluations.newest(evaluation));
    }
  }

  /** Whether something waits for the standby. */
  public boolean isPending() {
    for (int own = 0; own < pending.length; own++) {
      if (isPending(own)) {
        return true;
      }
    }
    return evaluations.isPending();
  }

  /** Whether a bucket waits for the standby. */
  boolean isPending(int own) {
    synchronized (buckets.lock(own)) {
      return pending[own];
    }
  }

  /**
   * Forwards a root, if the standby has the bucket; the caller holds its lock.
   *
   * @return whether it did: then the new version waits for the standby
   */
  boolean forward(long step, int own, Partial root) {
    Session to = session;
    if (to == null || !to.mirrored[own]) {
      return false;
    }
    to.mirror.root(step, buckets.number(own), root);
    pending[own] = true;
    return true;
  }

  /** Commits what a bucket has waited with for the standby; the caller holds its lock. */
  void commitPending(int own) {
    if (takePending(own)) {
      host.commit(buckets.version(own), own, Sums.NONE);
    }
  }

  private boolean takePending(int own) {
    boolean was = pending[own];
    pending[own] = false;
    return was;
  }
}
