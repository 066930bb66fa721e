package io.lockstep.forecast;

import io.lockstep.training.Median;
import java.util.stream.IntStream;

/**
 * What a death costs a run.
 *
 * @param nanos lost once, until steps are steady again
 * @param nanosPerStep by which each step takes longer from then on, until another node comes in
 *     place of the one that died
 */
public record Loss(double nanos, double nanosPerStep) {

  /** Share of the steps, the last ones, that are taken for steady. */
  private static final int STEADY_PART = 3;

  /**
   * From the delays of steps against the same steps of an undisturbed run: steps that are steady
   * again are delayed by a straight line, nanos + nanosPerStep · i for step i after the death.
   */
  public static Loss of(long... delays) {
    int steady = delays.length / STEADY_PART;
    double each =
        Median.of(
            IntStream.range(delays.length - steady, delays.length)
                .mapToDouble(step -> (double) (delays[step] - delays[step - 1])));
    return new Loss((double) delays[delays.length - 1] - each * delays.length, each);
  }
}
