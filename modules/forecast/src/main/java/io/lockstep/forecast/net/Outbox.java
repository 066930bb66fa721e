package io.lockstep.forecast.net;

/** What waits for a connection. */
public interface Outbox {

  /** Takes what is to be sent next; null if nothing waits. */
  Frame next();
}
