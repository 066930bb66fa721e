package io.lockstep.training;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/**
 * The version of each bucket of θ (or of anything else that is numbered), and waiting for it.
 *
 * <p>A waiter names the bucket in its own slot and then looks at the version; a publisher sets the
 * version and then looks at the slots. Both are volatile, so no wake-up is lost; waiting is bounded
 * all the same, and looks again.
 */
final class BucketVersions {

  private static final long RECHECK_NANOS = 20_000_000L;
  private static final int NOT_WAITING = -1;

  /** The version of a bucket of which nothing is here. */
  static final long NONE = -1;

  private final AtomicLongArray versions;
  private final AtomicReferenceArray<Thread> threads;
  private final AtomicLongArray awaited;
  private final int[] answered;
  private final int spins;
  private volatile int calls;
  private volatile boolean stopped;

  /**
   * @param waiters number of threads that may wait, each by its own slot
   * @param spins how often a waiter looks before it parks: worthwhile only where every waiter has a
   *     core
   */
  BucketVersions(int buckets, int waiters, int spins) {
    this.versions = new AtomicLongArray(buckets);
    for (int bucket = 0; bucket < buckets; bucket++) {
      versions.set(bucket, NONE);
    }
    this.threads = new AtomicReferenceArray<>(waiters);
    this.awaited = new AtomicLongArray(waiters);
    this.answered = new int[waiters];
    this.spins = spins;
    for (int i = 0; i < waiters; i++) {
      awaited.set(i, NOT_WAITING);
    }
  }

  long version(int bucket) {
    return versions.get(bucket);
  }

  void publish(int bucket, long version) {
    versions.set(bucket, version);
    for (int i = 0; i < awaited.length(); i++) {
      if (awaited.get(i) == bucket) {
        LockSupport.unpark(threads.get(i));
      }
    }
  }

  /** Ends all waiting, now and later. */
  void stop() {
    stopped = true;
    wakeAll();
  }

  /** Calls every waiter away, until it answers. */
  synchronized void call() {
    calls++;
    wakeAll();
  }

  private void wakeAll() {
    for (int i = 0; i < threads.length(); i++) {
      LockSupport.unpark(threads.get(i));
    }
  }

  /** Whether there was a call that {@code waiter} has not answered. */
  boolean called(int waiter) {
    return calls != answered[waiter];
  }

  /** A waiter, which looks after its call now, can wait again. */
  void answer(int waiter) {
    answered[waiter] = calls;
  }

  /** Lets waiters wait again; what is newer than {@code version} falls back to it. */
  void restart(long version) {
    for (int bucket = 0; bucket < versions.length(); bucket++) {
      versions.set(bucket, Math.min(version, versions.get(bucket)));
    }
    stopped = false;
  }

  boolean stopped() {
    return stopped;
  }

  /**
   * Waits until {@code bucket} has {@code version}.
   *
   * @param callable whether a call ends waiting
   * @return false if waiting was stopped, or the waiter called away
   */
  boolean await(int waiter, int bucket, long version, boolean callable) {
    for (int i = 0; i < spins; i++) {
      if (versions.get(bucket) >= version) {
        return true;
      }
      Thread.onSpinWait();
    }
    if (versions.get(bucket) >= version) {
      return true;
    }
    threads.set(waiter, Thread.currentThread());
    awaited.set(waiter, bucket);
    while (versions.get(bucket) < version && !stopped && !(callable && called(waiter))) {
      LockSupport.parkNanos(this, RECHECK_NANOS);
    }
    awaited.set(waiter, NOT_WAITING);
    return versions.get(bucket) >= version;
  }
}
