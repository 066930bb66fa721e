package io.lockstep.cli;

import java.time.Duration;
import java.util.Locale;

/**
 * The run stands still, as if all of its nodes did.
 *
 * @param step steps that are done before
 * @param until what it waits for; it counts, too, if it has happened since the failure before
 * @param time how long it waits at most
 */
record Hold(long step, Until until, Duration time) implements Interruption {

  /** What ends it. */
  enum Until {
    /** Its time. */
    TIME,
    /** A worker has joined the plan that follows. */
    JOINED,
    /** A worker has left the plan that follows. */
    LEFT,
    /** A worker is known to be lost. */
    LOST
  }

  @Override
  public String option() {
    String untilWhat = until == Until.TIME ? "" : until.name().toLowerCase(Locale.ROOT) + ":";
    return "--chaos %d:hold:%s%d".formatted(step, untilWhat, time.toSeconds());
  }
}
