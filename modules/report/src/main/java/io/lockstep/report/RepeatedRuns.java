package io.lockstep.report;

import java.util.List;
import java.util.function.Function;

/**
 * Runs that differ in nothing but their seed.
 *
 * @param name what they have in common, and others do not
 * @param results one for each run
 */
public record RepeatedRuns(String name, List<Result> results) {

  /**
   * What a run ended with.
   *
   * @param seed of weights and order
   * @param trainLoss mean loss of the training rows by the last weights; not finite if it diverged
   * @param testLoss of the test rows; null without such rows
   * @param testAccuracy share of the test rows that were predicted right; null without one
   */
  public record Result(long seed, double trainLoss, Double testLoss, Double testAccuracy) {}

  /** How a figure is distributed over the runs that have it. */
  public Distribution distribution(Function<Result, Double> figure) {
    return Distribution.of(numbers(figure));
  }

  List<Double> numbers(Function<Result, Double> figure) {
    return results.stream()
        .map(figure)
        .filter(number -> number != null && Double.isFinite(number))
        .toList();
  }
}
