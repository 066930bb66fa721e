package io.lockstep.training.trace;

/**
 * The steps that are traced: [first, first + count).
 *
 * @param first at least 0
 * @param count 0 for none
 */
public record TraceWindow(long first, int count) {

  /** Nothing is traced. */
  public static final TraceWindow NONE = new TraceWindow(0, 0);

  /** The most steps. */
  public static final int MOST_STEPS = 1_000;

  private static final int USUAL = 40;

  /**
   * Checks.
   *
   * @throws IllegalArgumentException if first is negative, or count not in [0, {@value
   *     #MOST_STEPS}]
   */
  public TraceWindow {
    if (first < 0 || count < 0 || count > MOST_STEPS) {
      throw new IllegalArgumentException(
          "steps to trace: expected a first step of at least 0 and 0 to %d steps, found %d:%d"
              .formatted(MOST_STEPS, first, count));
    }
  }

  /**
   * Where a run of {@code steps} steps, {@code begun} of which are done already, is most like
   * itself: 40 steps from two thirds on, when everything is compiled.
   */
  public static TraceWindow usual(long begun, long steps) {
    long left = Math.max(1, steps - begun);
    int count = (int) Math.min(USUAL, left);
    return new TraceWindow(begun + Math.min(left * 2 / 3, left - count), count);
  }

  /** Those of its steps that are not done yet when {@code begun} are. */
  public TraceWindow from(long begun) {
    if (begun <= first) {
      return this;
    }
    return begun < end() ? new TraceWindow(begun, (int) (end() - begun)) : NONE;
  }

  /** The first step behind it. */
  public long end() {
    return first + count;
  }

  /** Whether no step is traced. */
  public boolean isEmpty() {
    return count == 0;
  }
}
