package io.lockstep.training.trace;

/**
 * How far the clock of a node is from that of whoever asks it the time. A question that goes out at
 * a, comes back at b, and finds c there: the clock is behind by (a + b)/2 − c, give or take (b −
 * a)/2. The question that was answered fastest counts, among those before the window and among
 * those after it; between both the offset is interpolated, since clocks drift.
 *
 * <p>Used by one thread.
 */
public final class ClockOffsets {

  private final boolean same;
  private Asked before;
  private Asked after;
  private int count;

  private record Asked(long at, long offset, long error) {}

  /**
   * @param same whether both are said to read one clock: then it is neither behind nor in doubt,
   *     unless an answer tells otherwise
   */
  public ClockOffsets(boolean same) {
    this.same = same;
  }

  /**
   * A question was answered.
   *
   * @param asked when it went out
   * @param told what the node's clock showed
   * @param answered when the answer came
   * @param isAfter whether what was to be traced was over
   */
  public void add(long asked, long told, long answered, boolean isAfter) {
    long error = (answered - asked + 1) / 2;
    Asked newest = new Asked(told, asked + (answered - asked) / 2 - told, error);
    if (isAfter) {
      after = better(after, newest);
    } else {
      before = better(before, newest);
    }
    count++;
  }

  private static Asked better(Asked a, Asked b) {
    return a == null || b.error() < a.error() ? b : a;
  }

  /** Number of questions that were answered. */
  public int count() {
    return count;
  }

  /** Whether both read one clock, as far as answers tell. */
  public boolean isSame() {
    return same && fits(before) && fits(after);
  }

  private static boolean fits(Asked asked) {
    return asked == null || Math.abs(asked.offset()) <= asked.error();
  }

  /** Whether anything is known of the node's clock. */
  public boolean isKnown() {
    return same || count > 0;
  }

  /** By how much the node's clock is behind when it shows {@code nanos}. */
  public long offset(long nanos) {
    if (isSame() || before == null && after == null) {
      return 0;
    }
    if (before == null || after == null || after.at() <= before.at()) {
      return before == null ? after.offset() : before.offset();
    }
    double part = (nanos - before.at()) / (double) (after.at() - before.at());
    return before.offset() + Math.round(part * (after.offset() - before.offset()));
  }

  /**
   * How far from the truth the offset may be.
   *
   * @throws IllegalStateException if nothing is known
   */
  public long errorNanos() {
    if (!isKnown()) {
      throw new IllegalStateException("expected an answer of the node's clock, found none");
    }
    return isSame() ? 0 : Math.max(error(before), error(after));
  }

  private static long error(Asked asked) {
    return asked == null ? 0 : asked.error();
  }
}
