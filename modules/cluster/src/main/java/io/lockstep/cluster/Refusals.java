package io.lockstep.cluster;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs why connections to the control plane were refused. A node with another key tries again and
 * again, and on several connections: so each reason is logged once, and anew only when nobody was
 * refused for it for {@link #QUIET}. Thread-safe.
 */
final class Refusals {

  static final Duration QUIET = Duration.ofMinutes(10);

  /** Strangers can make up any number of reasons. */
  private static final int MOST_REASONS = 64;

  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  private final LongSupplier nanoClock;

  /** When somebody was refused last, by the reason; the oldest first. */
  private final Map<String, Long> lastNanos =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MOST_REASONS;
        }
      };

  /**
   * @param nanoClock as {@link System#nanoTime}
   */
  Refusals(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** Somebody was refused. */
  void tell(String reason) {
    if (isNews(reason)) {
      LOG.warn("control plane: refused a connection: {}", reason);
    }
  }

  /** Whether the reason is to be logged. */
  synchronized boolean isNews(String reason) {
    long now = nanoClock.getAsLong();
    Long last = lastNanos.remove(reason);
    lastNanos.put(reason, now);
    return last == null || now - last > QUIET.toNanos();
  }
}
