package io.lockstep.model;

import java.util.List;

/**
 * Where the time of a step goes: five parts whose sum is the step, in a unit that whoever holds
 * them names. The same parts are measured in runs, forecast and shown.
 *
 * @param compute of a worker, in the mean over all of them, and its waiting for a core
 * @param give handing on gradients while nothing is computed
 * @param aggregation adding gradients and updating weights, by workers themselves, and at most so
 *     much of what they wait for
 * @param exposed waiting for messages, even of the worker that waits least: at least so long
 * @param slowest waiting for workers that are slower, in the mean
 */
public record StepParts(
    double compute, double give, double aggregation, double exposed, double slowest) {

  /** Of a step that takes no time. */
  public static final StepParts NONE = new StepParts(0, 0, 0, 0, 0);

  /** Of both steps together. */
  public StepParts plus(StepParts other) {
    return new StepParts(
        compute + other.compute,
        give + other.give,
        aggregation + other.aggregation,
        exposed + other.exposed,
        slowest + other.slowest);
  }

  /** In a unit that is so many times as large, or of one of so many steps. */
  public StepParts over(double divisor) {
    return new StepParts(
        compute / divisor,
        give / divisor,
        aggregation / divisor,
        exposed / divisor,
        slowest / divisor);
  }

  /** The step. */
  public double total() {
    return compute + give + aggregation + exposed + slowest;
  }

  /** In the order of the fields. */
  public List<Double> values() {
    return List.of(compute, give, aggregation, exposed, slowest);
  }
}
