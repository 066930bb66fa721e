package io.lockstep.training.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one thread notes, up to a number of events; those beyond it are counted. Written by that
 * thread, read by any.
 */
final class TraceRing {

  private static final int LONGS = 4;
  private static final int KIND_BITS = 8;

  private final String thread;
  private final long[] events;

  /** Set when an event is whole. */
  private final AtomicInteger count = new AtomicInteger();

  private final AtomicInteger dropped = new AtomicInteger();

  /**
   * @param room the most events; each takes 32 bytes
   */
  TraceRing(String thread, int room) {
    this.thread = thread;
    this.events = new long[room * LONGS];
  }

  /** Adds an event; {@code place} is 24 bits of bucket, 8 of level and 32 of index. */
  void add(TraceKind kind, long step, long start, long end, long place) {
    int number = count.getPlain();
    int at = number * LONGS;
    if (at == events.length) {
      dropped.setRelease(dropped.getPlain() + 1);
      return;
    }
    events[at] = start;
    events[at + 1] = end;
    events[at + 2] = step << KIND_BITS | kind.ordinal();
    events[at + 3] = place;
    count.setRelease(number + 1);
  }

  NodeTrace.OfThread noted() {
    int until = count.getAcquire();
    List<TraceEvent> all = new ArrayList<>(until);
    for (int at = 0; at < until * LONGS; at += LONGS) {
      all.add(TraceEvent.of(events[at], events[at + 1], events[at + 2], events[at + 3]));
    }
    return new NodeTrace.OfThread(thread, dropped.getAcquire(), all);
  }
}
