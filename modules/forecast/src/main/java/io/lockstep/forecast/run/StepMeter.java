package io.lockstep.forecast.run;

import io.lockstep.model.StepParts;
import io.lockstep.model.StepWork;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the time of steps goes, over all workers, in the same parts as a real run tells: those that
 * {@link StepWork} defines.
 */
final class StepMeter {

  private final List<StepWork> steps = new ArrayList<>();
  private final List<Long> done = new ArrayList<>();

  /**
   * A worker has begun with the step after this one.
   *
   * @param nanos since it began with this one
   * @param added what of {@code give} was adding
   */
  void worked(long step, double nanos, double compute, double give, double added) {
    while (steps.size() <= step) {
      steps.add(StepWork.NONE);
    }
    double waited = Math.max(0, nanos - compute - give);
    StepWork own = new StepWork(1, compute, give, added, waited, waited);
    steps.set((int) step, steps.get((int) step).plus(own));
  }

  /** The shard that leads has done a step; told again, it is old. */
  void done(long step, long nanos) {
    while (done.size() <= step) { // Where its server was lost, nobody may have told of one.
      done.add(nanos);
    }
  }

  /** When a step was done. */
  long doneAt(int step) {
    return done.get(step);
  }

  /** Number of steps that are done. */
  int steps() {
    return done.size();
  }

  /** Between the end of step {@code step − 1} and that of {@code step}, which is not the first. */
  double nanos(int step) {
    return done.get(step) - (double) done.get(step - 1);
  }

  /**
   * Parts of steps in the mean.
   *
   * @param serving how long the node whose servers add longest adds in a step
   */
  StepParts parts(int from, int to, double serving) {
    List<StepParts> told =
        steps.subList(Math.min(from, steps.size()), Math.min(to, steps.size())).stream()
            .filter(step -> step.workers() > 0)
            .map(step -> step.parts(serving))
            .toList();
    return told.stream()
        .reduce(StepParts::plus)
        .map(sum -> sum.over(told.size()))
        .orElse(StepParts.NONE);
  }
}
