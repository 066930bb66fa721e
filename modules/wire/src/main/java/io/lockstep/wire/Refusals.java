package io.lockstep.wire;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Which refused strangers are news for the log, on either plane. A node with another key tries
 * again and again, and on several connections: so each kind of refusal of each host is logged once,
 * and anew only when that host was not refused so for {@link #QUIET}. What a stranger sends is no
 * part of the kind: else it could fill the log. Thread-safe.
 */
public final class Refusals {

  /** After this long without it, a refusal is news again. */
  static final Duration QUIET = Duration.ofMinutes(10);

  /** Strangers may come from any number of hosts. */
  private static final int MOST_KEPT = 64;

  private final LongSupplier nanoClock;

  /**
   * A way to be refused.
   *
   * @param who host; empty if it is not known
   * @param kind such as the class of an exception
   */
  private record Refusal(String who, String kind) {}

  /** When it happened last; the oldest first. */
  private final Map<Refusal, Long> lastNanos =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Refusal, Long> eldest) {
          return size() > MOST_KEPT;
        }
      };

  /**
   * Knows of none yet.
   *
   * @param nanoClock as {@link System#nanoTime}
   */
  public Refusals(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /**
   * Somebody was refused.
   *
   * @param who the host; empty if it is not known
   * @param kind such as the class of an exception
   * @return whether it is to be logged
   */
  public synchronized boolean isNews(String who, String kind) {
    Refusal refusal = new Refusal(who, kind);
    long now = nanoClock.getAsLong();
    Long last = lastNanos.remove(refusal);
    lastNanos.put(refusal, now);
    return last == null || now - last > QUIET.toNanos();
  }
}
