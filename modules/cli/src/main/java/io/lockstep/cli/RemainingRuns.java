package io.lockstep.cli;

import java.util.function.LongSupplier;

/** How long the runs that are still to come will take, by those before. Used by one thread. */
final class RemainingRuns {

  private static final double NANOS = 1e9;

  private final int all;
  private final LongSupplier clock;
  private final long start;
  private int done;
  private int there;

  /**
   * Begins to count.
   *
   * @param all the number of runs
   * @param clock nanoseconds
   */
  RemainingRuns(int all, LongSupplier clock) {
    this.all = all;
    this.clock = clock;
    this.start = clock.getAsLong();
  }

  /** For the end of a line about a run that has just ended; empty after the last one. */
  String afterOne() {
    done++;
    return left();
  }

  /** As {@link #afterOne}, of one that was there already: it says nothing of how long they take. */
  String afterOneThatWasThere() {
    there++;
    return afterOne();
  }

  private String left() {
    double seconds = (clock.getAsLong() - start) / NANOS / (done - there) * (all - done);
    return done == all ? "" : "  (%d of %d, %s left)".formatted(done, all, Figures.clock(seconds));
  }
}
