package io.lockstep.forecast.time;

import java.util.Arrays;

/**
 * The cores of a machine, shared evenly by the threads that have something to do.
 *
 * <p>With r such threads on C cores each computes at the rate min(1, C / r) · f(min(r, C)). f is
 * measured: threads that compute at once share the memory's bandwidth and the machine's clock rate.
 *
 * <p>All compute at the same rate at each moment. So what a thread has computed since it began is
 * the difference of one common function of time, S, whose slope is that rate: who is to compute w
 * and begins when S = s is done when S = s + w, and only the next to be done is an event.
 */
public final class Cores {

  private final EventQueue queue;
  private final Alarm alarm;
  private final int count;
  private final double[] factors;

  /** By S when they are done; bits of doubles from 0 on are in the doubles' order. */
  private final KeyHeap<Runnable> computing = new KeyHeap<>();

  /** S in nanoseconds, as of a time; from 0 on each time that nobody computes. */
  private double computed;

  private long asOf;

  /**
   * @param count C
   * @param factors f(1), f(2), …, each above 0: the speed of one of that many threads, where 1 is
   *     that of a thread for which the cost of computing is known; the last holds for more, too
   */
  public Cores(EventQueue queue, int count, double... factors) {
    if (count < 1 || factors.length < 1 || !Arrays.stream(factors).allMatch(f -> f > 0)) {
      throw new IllegalArgumentException(
          "cores: expected at least one, and speeds above 0, found %d and %s"
              .formatted(count, Arrays.toString(factors)));
    }
    this.queue = queue;
    this.alarm = new Alarm(queue, this::end);
    this.count = count;
    this.factors = factors.clone();
  }

  /** Cores that do not slow each other down. */
  public static Cores independent(EventQueue queue, int count) {
    return new Cores(queue, count, 1);
  }

  /**
   * One more thread computes.
   *
   * @param nanos of a core of its own
   * @param done what happens when it has
   */
  void compute(double nanos, Runnable done) {
    serve();
    computing.add(Double.doubleToRawLongBits(computed + nanos), done);
    alarm.set(nextEnd());
  }

  /** The speed of one more thread that computes. */
  double rate() {
    return rate(computing.size() + 1);
  }

  private double rate(int threads) {
    int busy = Math.min(threads, Math.min(count, factors.length));
    return Math.min(1, (double) count / threads) * factors[busy - 1];
  }

  /** All have computed since the last time. */
  private void serve() {
    long now = queue.nanos();
    if (!computing.isEmpty()) {
      computed += (double) (now - asOf) * rate(computing.size());
    }
    asOf = now;
  }

  private void end() {
    serve();
    while (!computing.isEmpty() && nextEnd() == queue.nanos()) {
      computing.removeFirst().run();
    }
    if (computing.isEmpty()) {
      computed = 0;
    } else {
      alarm.set(nextEnd());
    }
  }

  /** To the nearest nanosecond. */
  private long nextEnd() {
    double left = Double.longBitsToDouble(computing.firstKey()) - computed;
    return queue.nanos() + Math.max(0, Math.round(left / rate(computing.size())));
  }
}
