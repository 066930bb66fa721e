package io.lockstep.training;

import java.util.stream.DoubleStream;

/** The middle one of many figures: those that something else disturbed do not count. */
public final class Median {

  private Median() {}

  /**
   * The middle one, or the mean of the two.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static double of(DoubleStream figures) {
    double[] sorted = figures.sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("median: expected at least 1 figure, found none");
    }
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
