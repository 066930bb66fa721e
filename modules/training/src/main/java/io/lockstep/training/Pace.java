package io.lockstep.training;

/**
 * How long the replicas of a node compute at a micro-batch, smoothed: over the time between two
 * looks, and over some looks. Waiting and sending are no part of it.
 *
 * <p>Speeds are averaged, not times: so one pass during which the process stood still counts little
 * and is soon forgotten. Thread-safe by its own lock.
 */
public final class Pace {

  /** Share of the newest observation. */
  private static final double NEWEST = 0.5;

  /** The first observations are of code that is not compiled yet. */
  private static final int LEARNS_FROM = 3;

  private long microBatches;
  private long nanos;
  private int observations;
  private double perNano;

  /** A replica has computed {@code microBatches} for {@code nanos}. */
  public synchronized void computed(int microBatches, long nanos) {
    this.microBatches += microBatches;
    this.nanos += nanos;
  }

  /**
   * The time of a micro-batch with all that was computed until now; 0 if that is nothing since the
   * last look, or too little to tell.
   */
  public synchronized double nanosPerMicroBatch() {
    if (microBatches == 0 || nanos <= 0) {
      return 0;
    }
    double newest = microBatches / (double) nanos;
    perNano = observations == 0 ? newest : NEWEST * newest + (1 - NEWEST) * perNano;
    observations++;
    microBatches = 0;
    nanos = 0;
    return observations < LEARNS_FROM ? 0 : 1 / perNano;
  }
}
