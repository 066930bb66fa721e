package io.lockstep.training;

import java.util.ArrayList;
import java.util.List;

/**
 * The sums of the last steps that a shard has done: a coordinator may be lost before the driver has
 * heard of steps that it was told. Used under the lock of {@link ShardReports}.
 */
final class StepHistory {

  /** Steps that are kept, many more than fit in the time until a lost coordinator is noticed. */
  static final int MOST = 1 << 18;

  private static final int FIRST_CAPACITY = 1 << 8;

  /** Of one step. */
  private static final int VALUES = 3;

  private double[] sums = new double[VALUES * FIRST_CAPACITY];
  private long[] nanos = new long[FIRST_CAPACITY];
  private int count;
  private long next;

  /** Adds a step, which follows the last one; if it does not, those before are forgotten. */
  void add(long step, double weight, double loss, double correct, long when) {
    if (step != next) {
      count = 0;
    }
    if (count == nanos.length && count < MOST) {
      grow();
    }
    int at = place(step);
    sums[VALUES * at] = weight;
    sums[VALUES * at + 1] = loss;
    sums[VALUES * at + 2] = correct;
    nanos[at] = when;
    count = Math.min(count + 1, nanos.length);
    next = step + 1;
  }

  private int place(long step) {
    return (int) (step & (nanos.length - 1));
  }

  private void grow() {
    List<StepSums> all = from(0);
    long step = next - count;
    sums = new double[2 * sums.length];
    nanos = new long[2 * nanos.length];
    next = step;
    count = 0;
    for (StepSums of : all) {
      add(next, of.weight(), of.loss(), of.correct(), of.nanos());
    }
  }

  /** The first step from {@code step} on that is kept. */
  long first(long step) {
    return Math.max(step, next - count);
  }

  /** The steps from {@link #first} on. */
  List<StepSums> from(long step) {
    List<StepSums> kept = new ArrayList<>();
    for (long s = first(step); s < next; s++) {
      int at = place(s);
      kept.add(
          new StepSums(sums[VALUES * at], sums[VALUES * at + 1], sums[VALUES * at + 2], nanos[at]));
    }
    return kept;
  }
}
