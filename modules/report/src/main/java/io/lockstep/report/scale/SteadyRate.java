package io.lockstep.report.scale;

import io.lockstep.model.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How fast a run was when it went steadily: over the last two thirds of the intervals between its
 * regular reports, without those in which it evaluated, unless it did so in all of them.
 *
 * @param rowsPerSecond rows trained on, each as often as its weight says where a table has weights
 * @param stepMs milliseconds of a step, in the mean
 * @param steps number of steps that this is measured over
 */
public record SteadyRate(double rowsPerSecond, double stepMs, long steps) {

  /** The first third of a run is not steady. */
  private static final int WARM_UP_SHARE = 3;

  /**
   * From one report to the next.
   *
   * @param step updates at its end
   * @param begin seconds from the run's first step to its beginning
   */
  record Interval(long step, long steps, double rows, double begin, double seconds) {

    static Interval of(Metrics.Step before, Metrics.Step after) {
      double seconds = after.seconds() - before.seconds();
      return new Interval(
          after.step(),
          after.step() - before.step(),
          after.samplesPerSecond() * seconds,
          before.seconds(),
          seconds);
    }
  }

  /**
   * From the lines of {@code metrics.jsonl}.
   *
   * @throws IllegalArgumentException if there are not two reports of steps
   */
  public static SteadyRate of(List<Metrics> metrics) {
    return find(metrics)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "expected two reports of steps or more; report more often, by"
                        + " train.reportEvery"));
  }

  /** The same; empty if there are not two reports of steps. */
  public static Optional<SteadyRate> find(List<Metrics> metrics) {
    List<Interval> steady = steady(metrics);
    return steady.isEmpty() ? Optional.empty() : Optional.of(over(steady));
  }

  /** The intervals that count; none if there are not two reports of steps. */
  static List<Interval> steady(List<Metrics> metrics) {
    List<Interval> undisturbed = intervals(metrics, false);
    List<Interval> all = undisturbed.isEmpty() ? intervals(metrics, true) : undisturbed;
    return all.subList(all.size() / WARM_UP_SHARE, all.size());
  }

  /**
   * How many times as fast the second half of the steady steps went as the first: well above 1
   * while code is still being compiled; infinite if there are not two steady intervals.
   */
  public static double growth(List<Metrics> metrics) {
    List<Interval> steady = steady(metrics);
    int half = steady.size() / 2;
    return half == 0
        ? Double.POSITIVE_INFINITY
        : over(steady.subList(0, half)).stepMs()
            / over(steady.subList(half, steady.size())).stepMs();
  }

  /** When the steady steps began, in seconds from the run's first; infinite if there are none. */
  public static double begin(List<Metrics> metrics) {
    return steady(metrics).stream()
        .mapToDouble(Interval::begin)
        .findFirst()
        .orElse(Double.POSITIVE_INFINITY);
  }

  /** How long the steps took that this is measured over. */
  public double seconds() {
    return stepMs * steps / 1000;
  }

  private static SteadyRate over(List<Interval> steady) {
    long steps = steady.stream().mapToLong(Interval::steps).sum();
    double rows = steady.stream().mapToDouble(Interval::rows).sum();
    double seconds = steady.stream().mapToDouble(Interval::seconds).sum();
    return new SteadyRate(rows / seconds, 1000 * seconds / steps, steps);
  }

  private static List<Interval> intervals(List<Metrics> metrics, boolean withEvaluations) {
    List<Interval> intervals = new ArrayList<>();
    Metrics.Step before = null;
    boolean evaluated = false;
    for (Metrics line : metrics) {
      evaluated |= line instanceof Metrics.Evaluation;
      if (line instanceof Metrics.Step step) {
        if (before != null && (withEvaluations || !evaluated)) {
          intervals.add(Interval.of(before, step));
        }
        before = step;
        evaluated = false;
      }
    }
    return intervals;
  }
}
