package io.lockstep.training;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Has a node's replicas compute more slowly than they can, or stand still, on purpose: a wait after
 * each pass stands for what a slower machine would have computed longer.
 *
 * <p>Thread-safe by its own lock. Where nothing is asked for it costs a replica one volatile read a
 * pass.
 */
public final class Slowdown {

  private double factor = 1;
  private long slowUntil;
  private long stillUntil;
  private volatile boolean wanted;

  /**
   * Has each pass take as long as {@code times} passes do, for {@code time} from now.
   *
   * @param times at least 1
   */
  public synchronized void slow(double times, Duration time) {
    if (!(times >= 1)) {
      throw new IllegalArgumentException("times: expected 1 or more but found " + times);
    }
    factor = times;
    slowUntil = System.nanoTime() + time.toNanos();
    wanted = true;
    notifyAll();
  }

  /** Has nothing be computed for {@code time} from now; what is begun is still ended. */
  public synchronized void standStill(Duration time) {
    stillUntil = System.nanoTime() + time.toNanos();
    wanted = true;
    notifyAll();
  }

  /** Nothing is slowed from now on, and who waits goes on. */
  public synchronized void end() {
    wanted = false;
    notifyAll();
  }

  /**
   * Waits as long as was asked for; returns at once if the thread is interrupted.
   *
   * @param computedNanos what was computed for until now
   * @return for how long it has waited, ns
   */
  public long await(long computedNanos) {
    return wanted ? awaitEnd(computedNanos) : 0;
  }

  private synchronized long awaitEnd(long computedNanos) {
    long since = System.nanoTime();
    long left = left(since, since, computedNanos);
    try {
      while (wanted && left > 0) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
        left = left(System.nanoTime(), since, computedNanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return System.nanoTime() - since;
  }

  private long left(long now, long since, long computedNanos) {
    long more = since + (long) ((factor - 1) * computedNanos) - now;
    return Math.max(stillUntil - now, Math.min(more, slowUntil - now));
  }
}
