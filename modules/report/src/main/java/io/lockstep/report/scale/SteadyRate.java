package io.lockstep.report.scale;

import io.lockstep.model.Metrics;
import io.lockstep.report.scale.SteadySteps.Interval;
import java.util.List;

/**
 * How fast a run was when it went steadily, over its {@link SteadySteps}.
 *
 * @param rowsPerSecond rows trained on, each as often as its weight says where a table has weights
 * @param stepMs milliseconds of a step, in the mean
 * @param steps number of steps that this is measured over
 */
public record SteadyRate(double rowsPerSecond, double stepMs, long steps) {

  /**
   * From the lines of {@code metrics.jsonl}.
   *
   * @throws IllegalArgumentException if there are not two reports of steps
   */
  public static SteadyRate of(List<Metrics> metrics) {
    return SteadySteps.of(metrics)
        .rate()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "expected two reports of steps or more; report more often, by"
                        + " train.reportEvery"));
  }

  /** How long the steps took that this is measured over. */
  public double seconds() {
    return stepMs * steps / 1000;
  }

  static SteadyRate over(List<Interval> steady) {
    long steps = steady.stream().mapToLong(Interval::steps).sum();
    double rows = steady.stream().mapToDouble(Interval::rows).sum();
    double seconds = steady.stream().mapToDouble(Interval::seconds).sum();
    return new SteadyRate(rows / seconds, 1000 * seconds / steps, steps);
  }
}
