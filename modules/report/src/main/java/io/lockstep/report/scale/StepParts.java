package io.lockstep.report.scale;

import io.lockstep.model.Metrics;
import io.lockstep.report.Distribution;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Where the time of a step goes, in milliseconds; the sum is the time of a step.
 *
 * @param compute of a worker, in the mean of all of them, and its waiting for a core
 * @param give handing gradients on, while nothing is computed
 * @param aggregation adding gradients and updating weights, as far as workers wait for it
 * @param exposed waiting for messages: the rest of what even the worker that waits least waits
 * @param slowest waiting for workers that are slower
 */
public record StepParts(
    double compute, double give, double aggregation, double exposed, double slowest) {

  /**
   * Of a run, in the mean over all steps that were measured in the last two thirds of its lines.
   *
   * @param metrics the lines of {@code metrics.jsonl}
   * @return null if none was measured
   */
  public static StepParts of(List<Metrics> metrics) {
    List<Metrics.Times> all =
        metrics.stream()
            .filter(Metrics.Times.class::isInstance)
            .map(Metrics.Times.class::cast)
            .toList();
    List<Metrics.Times> steady = all.subList(all.size() / SteadyRate.WARM_UP_SHARE, all.size());
    return steady.isEmpty()
        ? null
        : new StepParts(
            mean(steady, Metrics.Times::compute),
            mean(steady, Metrics.Times::give),
            mean(steady, Metrics.Times::aggregation),
            mean(steady, Metrics.Times::exposed),
            mean(steady, Metrics.Times::slowest));
  }

  private static double mean(List<Metrics.Times> all, ToDoubleFunction<Metrics.Times> part) {
    double sum = all.stream().mapToDouble(line -> line.steps() * part.applyAsDouble(line)).sum();
    return sum / all.stream().mapToInt(Metrics.Times::steps).sum();
  }

  /** The median of each part; null of none. */
  static StepParts median(List<StepParts> all) {
    return all.isEmpty()
        ? null
        : new StepParts(
            median(all, StepParts::compute),
            median(all, StepParts::give),
            median(all, StepParts::aggregation),
            median(all, StepParts::exposed),
            median(all, StepParts::slowest));
  }

  private static double median(List<StepParts> all, ToDoubleFunction<StepParts> part) {
    return Distribution.of(all.stream().map(part::applyAsDouble).toList()).median();
  }

  /** In the order of the fields. */
  List<Double> values() {
    return List.of(compute, give, aggregation, exposed, slowest);
  }
}
