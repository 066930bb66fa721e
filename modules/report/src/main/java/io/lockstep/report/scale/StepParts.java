package io.lockstep.report.scale;

import io.lockstep.model.Metrics;
import io.lockstep.report.BarsPanel.Part;
import io.lockstep.report.drawing.Palette;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Where the time of a step goes, in milliseconds; the sum is the time of a step.
 *
 * @param compute of a worker, in the mean of all of them, and its waiting for a core
 * @param give handing gradients on, while nothing is computed
 * @param aggregation adding gradients and updating weights: workers wait for it at most so long
 * @param exposed waiting for messages, at least so long: the rest of what even the worker that
 *     waits least waits
 * @param slowest waiting for workers that are slower
 */
public record StepParts(
    double compute, double give, double aggregation, double exposed, double slowest) {

  /** What the fields are called in charts, and their colours; in the order of the fields. */
  public static final List<Part> PARTS =
      List.of(
          new Part("computing", Palette.of(0)),
          new Part("handing on gradients", Palette.of(5)),
          new Part("adding and updating", Palette.of(2)),
          new Part("waiting for messages", Palette.of(1)),
          new Part("waiting for the slowest", Palette.of(3)));

  /** Steps from one report to the next, and where their time went. */
  private record Report(long steps, Metrics.Times times) {}

  /**
   * Of a run, in the mean over the steps of which {@link SteadyRate} has the speed.
   *
   * @param metrics the lines of {@code metrics.jsonl}
   * @return null if none of them was measured
   */
  public static StepParts of(List<Metrics> metrics) {
    List<Report> steady = steady(metrics);
    return steady.isEmpty()
        ? null
        : new StepParts(
            mean(steady, Metrics.Times::compute),
            mean(steady, Metrics.Times::give),
            mean(steady, Metrics.Times::aggregation),
            mean(steady, Metrics.Times::exposed),
            mean(steady, Metrics.Times::slowest));
  }

  private static List<Report> steady(List<Metrics> metrics) {
    Map<Long, Metrics.Times> measured = new HashMap<>();
    for (Metrics metric : metrics) {
      if (metric instanceof Metrics.Times times) {
        measured.put(times.step(), times);
      }
    }
    return SteadyRate.steady(metrics).stream()
        .filter(interval -> measured.containsKey(interval.step()))
        .map(interval -> new Report(interval.steps(), measured.get(interval.step())))
        .toList();
  }

  /** Of long runs a sample of steps is measured: it stands for all steps of its report. */
  private static double mean(List<Report> all, ToDoubleFunction<Metrics.Times> part) {
    double sum =
        all.stream().mapToDouble(one -> one.steps() * part.applyAsDouble(one.times())).sum();
    return sum / all.stream().mapToLong(Report::steps).sum();
  }

  static StepParts mean(StepParts a, StepParts b) {
    return new StepParts(
        (a.compute + b.compute) / 2,
        (a.give + b.give) / 2,
        (a.aggregation + b.aggregation) / 2,
        (a.exposed + b.exposed) / 2,
        (a.slowest + b.slowest) / 2);
  }

  /** The time of all of them, in milliseconds. */
  public double total() {
    return values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** In the order of the fields. */
  public List<Double> values() {
    return List.of(compute, give, aggregation, exposed, slowest);
  }
}
