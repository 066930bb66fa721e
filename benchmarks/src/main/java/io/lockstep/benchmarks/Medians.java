package io.lockstep.benchmarks;

import java.util.List;

/** Medians of measurements that noise makes too slow now and then. */
final class Medians {

  private Medians() {}

  /** The middle one of {@code values}, the upper of two. */
  static double of(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
