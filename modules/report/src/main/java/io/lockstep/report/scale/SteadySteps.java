package io.lockstep.report.scale;

import io.lockstep.model.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which steps of a run went steadily, found line by line while it goes on: the last two thirds of
 * the intervals between its regular reports, without those in which it evaluated; with them where
 * these have more than nine tenths of the steps, since a few intervals say little of a run. However
 * long the run is, it keeps 4,096 intervals at most: where there would be more, neighbours become
 * one, of twice as many reports each time. For one thread.
 */
public final class SteadySteps {

  /** The first third of a run is not steady. */
  private static final int WARM_UP_SHARE = 3;

  /** Undisturbed steps that stand for all: this part of them, or more. */
  private static final int LEAST_SHARE = 10;

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

    Interval and(Interval later) {
      return new Interval(
          later.step, steps + later.steps, rows + later.rows, begin, seconds + later.seconds);
    }
  }

  private final Intervals undisturbed = new Intervals();
  private final Intervals all = new Intervals();
  private Metrics.Step before;
  private boolean evaluated;
  private long steps;
  private double seconds;

  /** Of the lines of {@code metrics.jsonl}. */
  public static SteadySteps of(List<Metrics> metrics) {
    SteadySteps steady = new SteadySteps();
    metrics.forEach(steady::add);
    return steady;
  }

  /** Takes the next line of {@code metrics.jsonl}. */
  public void add(Metrics line) {
    steps = Math.max(steps, line.step());
    seconds = line.seconds();
    evaluated |= line instanceof Metrics.Evaluation;
    if (line instanceof Metrics.Step report) {
      if (before != null) {
        Interval interval = Interval.of(before, report);
        all.add(interval);
        if (!evaluated) {
          undisturbed.add(interval);
        }
      }
      before = report;
      evaluated = false;
    }
  }

  /** Steps so far, steady or not. */
  public long steps() {
    return steps;
  }

  /** From the run's first step to what it told last. */
  public double seconds() {
    return seconds;
  }

  /** The intervals that count; none if there are not two reports of steps. */
  List<Interval> intervals() {
    boolean areMany = LEAST_SHARE * undisturbed.steps >= all.steps;
    List<Interval> counted = areMany ? undisturbed.kept : all.kept;
    return counted.subList(counted.size() / WARM_UP_SHARE, counted.size());
  }

  /** How fast they went; empty if there are not two reports of steps. */
  public Optional<SteadyRate> rate() {
    List<Interval> steady = intervals();
    return steady.isEmpty() ? Optional.empty() : Optional.of(SteadyRate.over(steady));
  }

  /**
   * How many times as fast the second half of them went as the first: well above 1 while code is
   * still being compiled; infinite if there are not two intervals.
   */
  public double growth() {
    List<Interval> steady = intervals();
    int half = steady.size() / 2;
    return half == 0
        ? Double.POSITIVE_INFINITY
        : SteadyRate.over(steady.subList(0, half)).stepMs()
            / SteadyRate.over(steady.subList(half, steady.size())).stepMs();
  }

  /** When they began, in seconds from the run's first step; infinite if there are none. */
  public double begin() {
    List<Interval> steady = intervals();
    return steady.isEmpty() ? Double.POSITIVE_INFINITY : steady.getFirst().begin();
  }

  /** Intervals in their order, each of equally many reports, but for the last one. */
  private static final class Intervals {

    private static final int MOST = 1 << 12;

    final List<Interval> kept = new ArrayList<>();
    long steps;
    private long reportsEach = 1;
    private long reportsOfLast = 1;

    void add(Interval next) {
      steps += next.steps();
      if (!kept.isEmpty() && reportsOfLast < reportsEach) {
        kept.set(kept.size() - 1, kept.getLast().and(next));
        reportsOfLast++;
        return;
      }
      if (kept.size() == MOST) {
        halve();
      }
      kept.add(next);
      reportsOfLast = 1;
    }

    private void halve() {
      for (int i = 0; i < MOST / 2; i++) {
        kept.set(i, kept.get(2 * i).and(kept.get(2 * i + 1)));
      }
      kept.subList(MOST / 2, MOST).clear();
      reportsEach *= 2;
    }
  }
}
