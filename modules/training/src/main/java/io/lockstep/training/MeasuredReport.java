package io.lockstep.training;

/**
 * What a shard adds to the totals that its step waits for: told at once, and again now and then
 * until the step is done, since a message may be lost with a connection. Not synchronized.
 */
final class MeasuredReport {

  private static final long REPEAT_NANOS = RunTimes.MEASURED_AGAIN_EVERY.toNanos();

  /** What a shard adds to the totals of a step. */
  record Measured(long step, TotalsPart part) {}

  /** Null if no step waits. */
  private Measured measured;

  private boolean told;
  private long toldNanos;

  /** A step waits from now on. */
  void begin(Measured of) {
    measured = of;
    told = false;
  }

  /** The step is done. */
  void end() {
    measured = null;
  }

  /**
   * What is to be told now; null if nothing is.
   *
   * @param nanos the time, as of {@link System#nanoTime}
   */
  Measured due(long nanos) {
    if (measured == null || told && nanos - toldNanos < REPEAT_NANOS) {
      return null;
    }
    told = true;
    toldNanos = nanos;
    return measured;
  }
}
