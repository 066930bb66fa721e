package io.lockstep.data;

import io.lockstep.kernels.CounterRandom;
import io.lockstep.kernels.CounterRandom.Purpose;

/**
 * Random numbers for one generated row, one after the other; confined to the thread that draws it.
 */
final class Draws {

  private final long seed;
  private final long row;
  private long next;

  Draws(long seed, long row) {
    this.seed = seed;
    this.row = row;
  }

  long bits() {
    return CounterRandom.bits(seed, Purpose.DIGITS, row, next++);
  }

  /** Uniform in [from, to). */
  double uniform(double from, double to) {
    return from + (to - from) * CounterRandom.uniform(bits());
  }

  /** Uniform in 0, ..., n - 1. */
  int below(int n) {
    return (int) (CounterRandom.uniform(bits()) * n);
  }

  /**
   * About normal with mean 0 and the given standard deviation, within 3.5 of them: the sum of four
   * uniforms.
   */
  double bell(double deviation) {
    long bits = bits();
    long sum = (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
    return (sum - 2 * 65535) * (deviation * 1.7320508075688772 / 65536);
  }
}
