package io.lockstep.report.scale;

import io.lockstep.model.Metrics;
import io.lockstep.model.StepParts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the time of a step of a run went, in milliseconds, in the mean over the steps of which
 * {@link SteadyRate} has the speed.
 */
public final class SteadyParts {

  /** Steps from one report to the next, and where their time went. */
  private record Report(long steps, StepParts parts) {}

  private SteadyParts() {}

  /**
   * From the lines of {@code metrics.jsonl}. Of long runs a sample of steps is measured: it stands
   * for all steps of its report.
   *
   * @return null if none was measured
   */
  public static StepParts of(List<Metrics> metrics) {
    List<Report> steady = steady(metrics);
    if (steady.isEmpty()) {
      return null;
    }
    double all = steady.stream().mapToLong(Report::steps).sum();
    return steady.stream()
        .map(report -> report.parts().over(all / report.steps()))
        .reduce(StepParts.NONE, StepParts::plus);
  }

  private static List<Report> steady(List<Metrics> metrics) {
    Map<Long, StepParts> measured = new HashMap<>();
    for (Metrics metric : metrics) {
      if (metric instanceof Metrics.Times times) {
        measured.put(times.step(), times.parts());
      }
    }
    return SteadySteps.of(metrics).intervals().stream()
        .filter(interval -> measured.containsKey(interval.step()))
        .map(interval -> new Report(interval.steps(), measured.get(interval.step())))
        .toList();
  }
}
