package io.lockstep.forecast.run;

import io.lockstep.forecast.Simulated;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the time of steps goes, over all workers, in the same parts as a real run tells. For worker
 * i of W let c, g and w be the time that it computes, hands on gradients, and waits in a step; a
 * what adding is in g, and s how long the node whose servers add longest adds in a step. Then
 *
 * <pre>
 *   compute     = Σc / W
 *   slowest     = Σw / W − min w
 *   aggregation = Σa / W + min(s, min w)
 *   give        = Σg / W − Σa / W
 *   exposed     = min w − min(s, min w)
 * </pre>
 *
 * Servers add while workers compute, too: {@code aggregation} is an upper bound of what workers
 * wait for, and {@code exposed} a lower one.
 */
final class StepMeter {

  private final List<Step> steps = new ArrayList<>();
  private final List<Long> done = new ArrayList<>();

  private static final class Step {

    private int workers;
    private double compute;
    private double give;
    private double added;
    private double waiting;
    private double leastWaiting = Double.POSITIVE_INFINITY;
  }

  /**
   * A worker has begun with the step after this one.
   *
   * @param nanos since it began with this one
   * @param added what of {@code give} was adding
   */
  void worked(long step, double nanos, double compute, double give, double added) {
    while (steps.size() <= step) {
      steps.add(new Step());
    }
    Step of = steps.get((int) step);
    double waited = Math.max(0, nanos - compute - give);
    of.workers++;
    of.compute += compute;
    of.give += give;
    of.added += added;
    of.waiting += waited;
    of.leastWaiting = Math.min(of.leastWaiting, waited);
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
   * @param serving s
   */
  Simulated.Parts parts(int from, int to, double serving) {
    double[] sum = new double[5];
    int count = 0;
    for (Step step : steps.subList(Math.min(from, steps.size()), Math.min(to, steps.size()))) {
      if (step.workers > 0) {
        add(sum, step, serving);
        count++;
      }
    }
    int n = Math.max(1, count);
    return new Simulated.Parts(sum[0] / n, sum[1] / n, sum[2] / n, sum[3] / n, sum[4] / n);
  }

  private static void add(double[] sum, Step step, double serving) {
    int workers = step.workers;
    double added = Math.min(step.added, step.give) / workers;
    double served = Math.min(serving, step.leastWaiting);
    sum[0] += step.compute / workers;
    sum[1] += step.give / workers - added;
    sum[2] += added + served;
    sum[3] += step.leastWaiting - served;
    sum[4] += step.waiting / workers - step.leastWaiting;
  }
}
