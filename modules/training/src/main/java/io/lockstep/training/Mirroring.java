package io.lockstep.training;

/**
 * How far a shard's standby has come: which buckets it has, and what it is still to acknowledge.
 * What concerns a bucket is guarded by that bucket's lock in {@link ShardHost}.
 */
final class Mirroring {

  private final boolean[] mirrored;
  private final boolean[] pending;
  private volatile Mirror mirror;
  private int newest;
  private int next;

  Mirroring(int buckets) {
    this.mirrored = new boolean[buckets];
    this.pending = new boolean[buckets];
  }

  /**
   * Begins with a standby that has nothing yet.
   *
   * @throws IllegalStateException if that is given up already, or there is a newer one
   */
  synchronized void begin(Mirror mirror, int number) {
    if (number <= newest) {
      throw new IllegalStateException(
          "standby: expected one that is newer than number %d, found number %d"
              .formatted(newest, number));
    }
    newest = number;
    this.mirror = mirror;
    next = 0;
  }

  /** The standby; null if there is none. */
  Mirror mirror() {
    return mirror;
  }

  /**
   * Nothing is forwarded any more to a standby of this number, or an older one.
   *
   * @return false if there is a newer one
   */
  synchronized boolean end(int number) {
    if (number < newest) {
      return false;
    }
    newest = number;
    mirror = null;
    return true;
  }

  /** The next bucket that the standby lacks; -1 if there is none. */
  synchronized int next() {
    return mirror == null || next == mirrored.length ? -1 : next++;
  }

  /** The standby has, or is about to have, all of a bucket. */
  void mirrored(int own) {
    mirrored[own] = true;
  }

  /**
   * Forwards a root, if the standby has the bucket.
   *
   * @return whether it did: then the new version waits for the standby
   */
  boolean forward(long step, int bucket, int own, Partial root) {
    Mirror to = mirror;
    if (to == null || !mirrored[own]) {
      return false;
    }
    to.root(step, bucket, root);
    pending[own] = true;
    return true;
  }

  /** Whether a bucket waits for the standby. */
  boolean isPending(int own) {
    return pending[own];
  }

  /** Whether a bucket waited for the standby; it no longer does. */
  boolean takePending(int own) {
    boolean was = pending[own];
    pending[own] = false;
    return was;
  }

  /** As {@link #takePending}, since there is no standby any more. */
  boolean forget(int own) {
    mirrored[own] = false;
    return takePending(own);
  }
}
