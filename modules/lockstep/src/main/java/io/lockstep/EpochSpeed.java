package io.lockstep;

/**
 * Rows per second of each epoch, from where the report of the one before was made to where its own
 * is, so its validation counts. Steps of the next epoch may be done before that. For one thread.
 */
final class EpochSpeed {

  private static final double SECONDS = 1e-9;

  private double rows;
  private double rowsOfEnded;
  private long begunNanos;

  /** A step has seen rows. */
  void add(double seen) {
    rows += seen;
  }

  /** The epoch's last step is done. */
  void end() {
    rowsOfEnded = rows;
    rows = 0;
  }

  /**
   * Closes the epoch that ended, with its report.
   *
   * @param now nanoseconds since the first step of this process began
   * @return rows per second; NaN if this process has trained none of its rows
   */
  double report(long now) {
    double perSecond = rowsOfEnded / ((now - begunNanos) * SECONDS);
    boolean some = rowsOfEnded > 0;
    begunNanos = now;
    rowsOfEnded = 0;
    return some ? perSecond : Double.NaN;
  }
}
