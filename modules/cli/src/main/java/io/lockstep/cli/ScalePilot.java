package io.lockstep.cli;

import io.lockstep.model.Metrics;
import io.lockstep.report.scale.SteadyRate;
import io.lockstep.report.scale.SteadySteps;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * When the run that finds out how long all others are is long enough: when its steady steps have
 * taken some seconds, and have gone hardly faster in their second half than in the first, so that
 * code was compiled before them. Their time is counted from the first step; what comes before it,
 * such as starting processes and reading data, is only waited for.
 *
 * @param seconds that steady steps are to take
 */
record ScalePilot(int seconds) {

  /** From the start of the run to the first thing that it tells, at most: data are read then. */
  private static final int START_SECONDS = 1_200;

  /** Of one step, at most. */
  private static final int STEP_SECONDS = 120;

  /** From the first step on code is compiled for so long at least: slow steps may look steady. */
  private static final double COMPILING_SECONDS = 3;

  /** A speed that goes on growing by more than this is not steady. */
  private static final double GROWTH = 1.05;

  /** With steps that follow, others leave the last two thirds: these may then be a bit shorter. */
  private static final double ENDED_SHARE = 0.9;

  /** Even where the speed does not become steady, a run ends after so long. */
  private int longest() {
    return 4 * seconds + 10;
  }

  /**
   * Whether a run with these steps tells how many it takes. What it goes on to do while it is ended
   * may be of another speed: see {@link #wasEnough}.
   */
  boolean isEnough(SteadySteps steps) {
    return isSteady(steps) || isOver(steps);
  }

  private boolean isSteady(SteadySteps steps) {
    return hasLasted(seconds, steps)
        && steps.begin() >= COMPILING_SECONDS
        && steps.growth() <= GROWTH;
  }

  private static boolean hasLasted(double least, SteadySteps steps) {
    return steps.rate().filter(rate -> rate.seconds() >= least).isPresent();
  }

  private boolean isOver(SteadySteps steps) {
    return steps.rate().isPresent() && steps.seconds() >= longest();
  }

  /**
   * Tells of a run that starts now whether it has gone on for long enough.
   *
   * @param nanoTime a clock, in nanoseconds
   * @param run its folder
   * @return which is to be given each line of its metrics once, in their order, and throws {@link
   *     ScaleException} where no steps come
   */
  Predicate<List<Metrics>> until(LongSupplier nanoTime, Path run) {
    return new Course(nanoTime, run)::isEnough;
  }

  /** Of one run. */
  private final class Course {

    private final LongSupplier nanoTime;
    private final Path run;
    private final SteadySteps steps = new SteadySteps();
    private boolean begun;

    /** When the run began to be waited for, and then when it told something first. */
    private long since;

    Course(LongSupplier nanoTime, Path run) {
      this.nanoTime = nanoTime;
      this.run = run;
      this.since = nanoTime.getAsLong();
    }

    boolean isEnough(List<Metrics> more) {
      if (!begun && !more.isEmpty()) {
        begun = true;
        since = nanoTime.getAsLong();
      }
      more.forEach(steps::add);
      boolean enough = ScalePilot.this.isEnough(steps);
      int limit = begun ? STEP_SECONDS + longest() : START_SECONDS;
      if (!enough && nanoTime.getAsLong() - since >= Duration.ofSeconds(limit).toNanos()) {
        throw begun ? tooFew(steps, run, "within %d s".formatted(limit)) : notBegun(run);
      }
      return enough;
    }
  }

  /**
   * Whether a run that was just ended by {@link #until} was long enough: its rule was met then, and
   * what it still did while it ended, slower perhaps, changes nothing of that. Of a run that ended
   * otherwise this says nothing.
   */
  private boolean wasEnough(SteadySteps steps) {
    return hasLasted(ENDED_SHARE * seconds, steps) || isOver(steps);
  }

  /**
   * What a run has found that was just ended by {@link #until}.
   *
   * @param steps of the run, to its end
   * @throws ScaleException if it was not long enough
   */
  ScaleFinding found(SteadySteps steps, Path run) {
    if (!wasEnough(steps)) {
      throw tooFew(steps, run, "before it ended");
    }
    return new ScaleFinding(seconds, steps.steps(), doubt(steps).orElse(null));
  }

  /**
   * What people should know of a run that has ended since it had gone on for as long as it may, and
   * whose steps are not steady; empty where they are.
   */
  Optional<String> doubt(SteadySteps steps) {
    return isSteady(steps) || !isOver(steps)
        ? Optional.empty()
        : Optional.of(
            "--seconds %d: expected steps at one speed for so long within %d s but found %s; all runs are as long as this one, and may be no steadier: name more --seconds, or --steps"
                .formatted(seconds, longest(), found(steps)));
  }

  private static String found(SteadySteps steps) {
    double seconds = steps.rate().map(SteadyRate::seconds).orElse(0.0);
    String speeds =
        Double.isFinite(steps.growth())
            ? "the second half of them %.2f times as fast as the first".formatted(steps.growth())
            : "too few to be compared";
    return "%s of steps, %s".formatted(Figures.seconds(seconds), speeds);
  }

  private ScaleException tooFew(SteadySteps steps, Path run, String when) {
    return new ScaleException(
        "--seconds %d: expected steady steps for so long %s but found %s, see %s.log; name a smaller --batch, or --steps instead"
            .formatted(seconds, when, Figures.count(steps.steps(), "step"), run));
  }

  private ScaleException notBegun(Path run) {
    return new ScaleException(
        "--seconds %d: expected the first step within %d minutes, but there was none; %s.log says how far it came"
            .formatted(seconds, START_SECONDS / 60, run));
  }
}
