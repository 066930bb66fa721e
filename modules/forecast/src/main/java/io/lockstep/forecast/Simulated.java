package io.lockstep.forecast;

import java.util.Map;

/**
 * How steps went in a simulation, once they are steady.
 *
 * @param steps that were looked at
 * @param stepNanos of a step, on average
 * @param parts where the time of a step goes
 * @param utilization how much of each resource is used, 0 to 1, of the busiest machine; of those
 *     that have one
 * @param events that the simulation dealt with
 */
public record Simulated(
    long steps, double stepNanos, Parts parts, Map<Resource, Double> utilization, long events) {

  /**
   * Where the time of a step goes, in nanoseconds; together one step. The same parts as in the
   * {@code times} lines of a run's metrics.
   *
   * @param compute workers compute
   * @param give workers hand gradients over
   * @param aggregation servers add and update: workers wait for it at most so long
   * @param exposed workers wait for the network, all of them, at least so long
   * @param slowest workers wait for the slowest of them
   */
  public record Parts(
      double compute, double give, double aggregation, double exposed, double slowest) {}
}
