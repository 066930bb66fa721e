package io.lockstep.forecast.time;

/**
 * One event that can be put off, brought forward and called off, as often as its time becomes known
 * better. What the queue has of it stays there: it is looked at in its time, and then put off, or
 * nothing any more. So being put off costs nothing.
 */
public final class Alarm {

  private static final long NEVER = Long.MAX_VALUE;

  private final EventQueue queue;
  private final Runnable event;
  private final Runnable ring = this::ring;
  private long due = NEVER;

  /** When the queue has it looked at next; what it has of it for other times is of no use. */
  private long looked = NEVER;

  /**
   * @param event what happens when it is due; may set it again
   */
  public Alarm(EventQueue queue, Runnable event) {
    this.queue = queue;
    this.event = event;
  }

  /**
   * Sets the time, in place of the one before.
   *
   * @param when not before {@link EventQueue#nanos}
   */
  public void set(long when) {
    if (when < looked) {
      queue.at(when, ring);
      looked = when;
    }
    due = when;
  }

  /** Calls it off. */
  public void cancel() {
    due = NEVER;
  }

  private void ring() {
    if (queue.nanos() != looked) {
      return;
    }
    looked = NEVER;
    long when = due;
    due = NEVER;
    if (when == queue.nanos()) {
      event.run();
    } else if (when != NEVER) {
      set(when);
    }
  }
}
