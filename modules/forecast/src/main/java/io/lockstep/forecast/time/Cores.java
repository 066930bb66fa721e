package io.lockstep.forecast.time;

import java.util.Arrays;

/**
 * The cores of a machine, shared evenly by the threads that have something to do.
 *
 * <p>With r such threads on C cores each computes at the rate min(1, C / r) · f(min(r, C)). f is
 * measured: threads that compute at once share the memory's bandwidth and the machine's clock rate.
 */
public final class Cores {

  private final int count;
  private final double[] factors;
  private int runnable;

  /**
   * @param count C
   * @param factors f(1), f(2), …, each above 0: the speed of one of that many threads, where 1 is
   *     that of a thread for which the cost of computing is known; the last holds for more, too
   */
  public Cores(int count, double... factors) {
    if (count < 1 || factors.length < 1 || !Arrays.stream(factors).allMatch(f -> f > 0)) {
      throw new IllegalArgumentException(
          "cores: expected at least one, and speeds above 0, found %d and %s"
              .formatted(count, Arrays.toString(factors)));
    }
    this.count = count;
    this.factors = factors.clone();
  }

  /** Cores that do not slow each other down. */
  public static Cores independent(int count) {
    return new Cores(count, 1);
  }

  void enter() {
    runnable++;
  }

  void leave() {
    runnable--;
  }

  /** Whether there are more threads that compute than cores. */
  boolean areCrowded() {
    return runnable > count;
  }

  /** The speed of a thread that computes. */
  double rate() {
    int busy = Math.clamp(runnable, 1, Math.min(count, factors.length));
    return Math.min(1, (double) count / Math.max(1, runnable)) * factors[busy - 1];
  }
}
