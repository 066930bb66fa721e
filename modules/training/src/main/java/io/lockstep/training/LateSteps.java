package io.lockstep.training;

/**
 * Tells when a step takes so much longer than others that someone must have stopped: by a multiple
 * of the usual time, and by a time that no busy machine needs. While an evaluation goes on, the
 * wait begins anew with all that arrives of it. Used by one thread.
 *
 * <p>It is advice: what is done for nothing costs time, and changes no bit.
 */
public final class LateSteps {

  private static final int TIMES_THE_USUAL = 8;
  private static final long LEAST_NANOS = 2_000_000_000L;

  /**
   * How often steps must have gone on before anybody knows what is usual: compilers are at work.
   */
  private static final int LEARNS_FROM = 20;

  /** What a step but the first is given before that. */
  private static final long FIRST_NANOS = 60_000_000_000L;

  /** Share of the newest observation in the usual time. */
  private static final double NEWEST = 0.2;

  private long step;
  private long since;
  private int observations;
  private double usualNanos;
  private long patienceNanos;
  private long arrived;
  private int times;

  /**
   * @param first the step that is open now
   */
  public LateSteps(long first) {
    this.step = first;
  }

  /**
   * Whether the open step is late now; told once, and again each time that the wait has doubled.
   *
   * @param open the step that is open
   * @param evaluationsArrived as of {@link ShardHost#evaluationsArrived}
   * @param nanos the time, as of {@link System#nanoTime}
   */
  public boolean isLate(long open, long evaluationsArrived, long nanos) {
    if (open > step) {
      if (observations > 0) {
        double took = (double) (nanos - since) / (open - step);
        usualNanos = observations == 1 ? took : NEWEST * took + (1 - NEWEST) * usualNanos;
      }
      observations++;
      step = open;
      waitAnew(evaluationsArrived, nanos);
      return false;
    }
    if (evaluationsArrived != arrived) {
      waitAnew(evaluationsArrived, nanos);
      return false;
    }
    if (observations == 0 || nanos - since < patienceNanos) {
      return false; // Before the first step there is something else to wait for.
    }
    patienceNanos *= 2;
    times++;
    return true;
  }

  /**
   * Waits anew for the open step, since others wait for it from now on.
   *
   * @param evaluationsArrived as of {@link ShardHost#evaluationsArrived}
   * @param nanos the time, as of {@link System#nanoTime}
   */
  public void waitAnew(long evaluationsArrived, long nanos) {
    arrived = evaluationsArrived;
    since = nanos;
    patienceNanos =
        Math.max(
            observations < LEARNS_FROM ? FIRST_NANOS : LEAST_NANOS,
            (long) (TIMES_THE_USUAL * usualNanos));
    times = 0;
  }

  /** How often the open step was late by now. */
  public int times() {
    return times;
  }
}
