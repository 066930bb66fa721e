package io.lockstep.report.scale;

import io.lockstep.model.Metrics;
import io.lockstep.report.BarsPanel.Part;
import io.lockstep.report.drawing.Palette;
import java.util.ArrayList;
import java.util.List;
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

  /**
   * Of a run, in the mean over the steps that were measured in its last two thirds: those of lines
   * that begin there, or of the last line if there is none such.
   *
   * @param metrics the lines of {@code metrics.jsonl}
   * @return null if none was measured
   */
  public static StepParts of(List<Metrics> metrics) {
    List<Metrics.Times> steady = steady(metrics);
    return steady.isEmpty()
        ? null
        : new StepParts(
            mean(steady, Metrics.Times::compute),
            mean(steady, Metrics.Times::give),
            mean(steady, Metrics.Times::aggregation),
            mean(steady, Metrics.Times::exposed),
            mean(steady, Metrics.Times::slowest));
  }

  /** A line is of the steps since the line before. */
  private static List<Metrics.Times> steady(List<Metrics> metrics) {
    long warmUp =
        metrics.stream().mapToLong(Metrics::step).max().orElse(0) / SteadyRate.WARM_UP_SHARE;
    List<Metrics.Times> steady = new ArrayList<>();
    Metrics.Times before = null;
    for (Metrics metric : metrics) {
      if (metric instanceof Metrics.Times line) {
        if (before != null && before.step() >= warmUp) {
          steady.add(line);
        }
        before = line;
      }
    }
    return steady.isEmpty() && before != null ? List.of(before) : steady;
  }

  private static double mean(List<Metrics.Times> all, ToDoubleFunction<Metrics.Times> part) {
    double sum = all.stream().mapToDouble(line -> line.steps() * part.applyAsDouble(line)).sum();
    return sum / all.stream().mapToInt(Metrics.Times::steps).sum();
  }

  /** In the order of the fields. */
  public List<Double> values() {
    return List.of(compute, give, aggregation, exposed, slowest);
  }
}
