package io.lockstep.forecast.time;

/**
 * The clock of a simulation, and what is to happen: time stands still while an event happens, and
 * goes on to the next. Events of the same time happen in the order in which they were asked for, so
 * that a simulation is the same each time.
 */
public final class EventQueue {

  private final KeyHeap<Runnable> events = new KeyHeap<>();
  private long nanos;
  private long happened;

  /** The time. */
  public long nanos() {
    return nanos;
  }

  /**
   * Has something happen.
   *
   * @param when not before {@link #nanos}
   */
  public void at(long when, Runnable event) {
    if (when < nanos) {
      throw new IllegalArgumentException(
          "event: expected a time from %d ns on, found %d ns".formatted(nanos, when));
    }
    events.add(when, event);
  }

  /** Has something happen in {@code delay} nanoseconds; with 0 after all that is to happen now. */
  public void after(long delay, Runnable event) {
    at(nanos + delay, event);
  }

  /**
   * Lets the next event happen.
   *
   * @return false if there is none
   */
  public boolean runNext() {
    if (events.isEmpty()) {
      return false;
    }
    nanos = events.firstKey();
    happened++;
    events.removeFirst().run();
    return true;
  }

  /** Lets all happen that is to happen up to {@code when}, which is the time afterwards. */
  public void runUntil(long when) {
    while (!events.isEmpty() && events.firstKey() <= when) {
      runNext();
    }
    nanos = Math.max(nanos, when);
  }

  /** Number of events that have happened. */
  public long happened() {
    return happened;
  }
}
