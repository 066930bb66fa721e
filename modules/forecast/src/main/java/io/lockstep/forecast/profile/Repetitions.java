package io.lockstep.forecast.profile;

import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * How often something is done to be measured: for a time, but at least and at most so often.
 *
 * @param seconds that it may take
 * @param least it is done so often anyway
 * @param most it is not done more often
 */
public record Repetitions(double seconds, int least, int most) {

  /** As often as it takes for medians that are good to a few percent. */
  static final Repetitions MEASURED = new Repetitions(2.5, 9, 400);

  /** Until the compiler has done its work. */
  static final Repetitions WARM_UP = new Repetitions(1.5, 3, Integer.MAX_VALUE);

  /** Does it, with the number of the repetition. */
  public void run(IntConsumer round) {
    run(round, System::nanoTime);
  }

  /** As above, by a clock in nanoseconds. */
  void run(IntConsumer round, LongSupplier nanoTime) {
    long end = nanoTime.getAsLong() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    for (int i = 0; i < most && (i < least || nanoTime.getAsLong() - end < 0); i++) {
      round.accept(i);
    }
  }
}
