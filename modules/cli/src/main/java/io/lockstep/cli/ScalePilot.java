package io.lockstep.cli;

import io.lockstep.model.Metrics;
import io.lockstep.report.scale.SteadyRate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * When the run that finds out how long all others are is long enough: when its steady steps have
 * taken some seconds, and have gone no faster at their end than at their beginning, so that code
 * was compiled before them. What comes before the first step, such as starting processes and
 * reading data, does not count.
 *
 * @param seconds that steady steps are to take
 */
record ScalePilot(int seconds) {

  /** From the start of the run to its first steps, at most. */
  private static final int START_SECONDS = 120;

  /** A speed that goes on growing by more than this is not steady. */
  private static final double GROWTH = 1.05;

  /** Even where the speed does not become steady, a run ends after so long. */
  private int longest() {
    return 4 * seconds + 10;
  }

  /** Whether a run with these metrics tells how many steps it takes. */
  boolean isEnough(List<Metrics> metrics) {
    return SteadyRate.find(metrics)
        .filter(
            steady ->
                steady.seconds() >= seconds && SteadyRate.growth(metrics) <= GROWTH
                    || metrics.getLast().seconds() >= longest())
        .isPresent();
  }

  /**
   * Tells of a run that starts now whether it has gone on for long enough.
   *
   * @param nanoTime a clock, in nanoseconds
   * @param run its folder
   * @return which throws {@link ScaleException} where no steps come
   */
  Predicate<List<Metrics>> until(LongSupplier nanoTime, Path run) {
    int limit = START_SECONDS + longest();
    long end = nanoTime.getAsLong() + Duration.ofSeconds(limit).toNanos();
    return metrics -> {
      boolean enough = isEnough(metrics);
      if (!enough && nanoTime.getAsLong() - end >= 0) {
        throw new ScaleException(
            "--seconds %d: expected two steps or more within %d s but found %s, see %s.log; name a smaller --batch, or --steps instead"
                .formatted(seconds, limit, Figures.count(steps(metrics), "step"), run));
      }
      return enough;
    };
  }

  /** Updates of the run. */
  static long steps(List<Metrics> metrics) {
    return metrics.stream().mapToLong(Metrics::step).max().orElse(0);
  }
}
