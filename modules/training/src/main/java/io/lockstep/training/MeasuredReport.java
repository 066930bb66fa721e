package io.lockstep.cluster;

/**
 * What a shard adds to the totals that its step waits for: told at once, and again every second
 * until the step is done, since a message may be lost with a connection. Not synchronized.
 */
final class MeasuredReport {

  private static final long REPEAT_NANOS = 1_000_000_000L;

  /** Null if no step waits. */
  private Coordinator.Measured measured;

  private boolean told;
  private long toldNanos;

  /** A step waits from now on. */
  void begin(Coordinator.Measured of) {
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
  Coordinator.Measured due(long nanos) {
    if (measured == null || told && nanos - toldNanos < REPEAT_NANOS) {
      return null;
    }
    told = true;
    toldNanos = nanos;
    return measured;
  }
}
