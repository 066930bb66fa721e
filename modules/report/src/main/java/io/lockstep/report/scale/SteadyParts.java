package io.lockstep.report.scale;

import io.lockstep.model.Metrics;
import io.lockstep.model.StepParts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Where the time of a step of a run went, in milliseconds, in the mean over the steps that were
 * measured in its last two thirds: those of lines that begin there, or of the last line if there is
 * none such.
 */
public final class SteadyParts {

  private SteadyParts() {}

  /**
   * From the lines of {@code metrics.jsonl}.
   *
   * @return null if none was measured
   */
  public static StepParts of(List<Metrics> metrics) {
    List<Metrics.Times> steady = steady(metrics);
    return steady.isEmpty()
        ? null
        : new StepParts(
            mean(steady, StepParts::compute),
            mean(steady, StepParts::give),
            mean(steady, StepParts::aggregation),
            mean(steady, StepParts::exposed),
            mean(steady, StepParts::slowest));
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

  private static double mean(List<Metrics.Times> all, ToDoubleFunction<StepParts> part) {
    double sum =
        all.stream().mapToDouble(line -> line.steps() * part.applyAsDouble(line.parts())).sum();
    return sum / all.stream().mapToInt(Metrics.Times::steps).sum();
  }
}
