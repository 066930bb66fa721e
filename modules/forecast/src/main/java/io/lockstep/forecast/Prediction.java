package io.lockstep.forecast;

import io.lockstep.forecast.Simulator.Size;

/**
 * What a cluster would do.
 *
 * @param cluster the machines
 * @param size of a step
 * @param step how steps would go: of the middle one of all draws
 * @param spread the fastest and the slowest draw
 * @param efficiency rows a second by the nodes times those of one node with free links
 * @param bottleneck what keeps it from being faster
 * @param training how long all of it would take
 */
public record Prediction(
    ClusterSpec cluster,
    Size size,
    Simulated step,
    Spread spread,
    double efficiency,
    Bottleneck bottleneck,
    Training training) {

  private static final double NANOS = 1e9;

  /** Mean times of a step, of the draws where they are least and most. */
  public record Spread(double leastNanos, double mostNanos) {}

  /**
   * Times of a whole training, in nanoseconds.
   *
   * @param steps of it
   * @param stepsNanos of all steps
   * @param evaluationsNanos of all evaluations
   * @param lostNanos expected to be lost by failures
   */
  public record Training(long steps, double stepsNanos, double evaluationsNanos, double lostNanos) {

    /** All of it. */
    public double nanos() {
      return stepsNanos + evaluationsNanos + lostNanos;
    }
  }

  /** How many of the workers have a micro-batch in each step. */
  public int busyWorkers() {
    return size.busy(cluster.workers());
  }

  /** Rows trained on in a second, evaluations left out. */
  public double rowsPerSecond() {
    return size.rows() * NANOS / step.stepNanos();
  }

  /** Of the slowest draw. */
  public double leastRowsPerSecond() {
    return size.rows() * NANOS / spread.mostNanos();
  }

  /** Of the fastest draw. */
  public double mostRowsPerSecond() {
    return size.rows() * NANOS / spread.leastNanos();
  }
}
