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

  /** From the first step on code is compiled for so long at least: slow steps may look steady. */
  private static final double COMPILING_SECONDS = 3;

  /** A speed that goes on growing by more than this is not steady. */
  private static final double GROWTH = 1.05;

  /** Even where the speed does not become steady, a run ends after so long. */
  private int longest() {
    return 4 * seconds + 10;
  }

  /**
   * Whether a run with these metrics tells how many steps it takes. What it goes on to do while it
   * is ended may be of another speed: see {@link #wasEnough}.
   */
  boolean isEnough(List<Metrics> metrics) {
    return SteadyRate.find(metrics)
        .filter(
            steady ->
                steady.seconds() >= seconds && isSteady(metrics)
                    || metrics.getLast().seconds() >= longest())
        .isPresent();
  }

  private static boolean isSteady(List<Metrics> metrics) {
    return SteadyRate.begin(metrics) >= COMPILING_SECONDS && SteadyRate.growth(metrics) <= GROWTH;
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
        throw tooFew(metrics, run, "within %d s".formatted(limit));
      }
      return enough;
    };
  }

  /**
   * Whether a run that was ended by {@link #until} was long enough: steady it was then, and what it
   * still did while it ended, slower perhaps, changes nothing of that.
   */
  boolean wasEnough(List<Metrics> metrics) {
    return SteadyRate.find(metrics)
        .filter(steady -> steady.seconds() >= seconds || metrics.getLast().seconds() >= longest())
        .isPresent();
  }

  /**
   * How many steps others are to have.
   *
   * @param metrics of a run that has ended
   * @throws ScaleException if it was not long enough
   */
  long steps(List<Metrics> metrics, Path run) {
    if (!wasEnough(metrics)) {
      throw tooFew(metrics, run, "before it ended");
    }
    return stepsOf(metrics);
  }

  private static long stepsOf(List<Metrics> metrics) {
    return metrics.stream().mapToLong(Metrics::step).max().orElse(0);
  }

  private ScaleException tooFew(List<Metrics> metrics, Path run, String when) {
    return new ScaleException(
        "--seconds %d: expected steady steps for so long %s but found %s, see %s.log; name a smaller --batch, or --steps instead"
            .formatted(seconds, when, Figures.count(stepsOf(metrics), "step"), run));
  }
}
