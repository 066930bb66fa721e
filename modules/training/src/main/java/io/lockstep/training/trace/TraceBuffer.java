package io.lockstep.training.trace;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one thread notes: the first {@value #MOST_EVENTS} events, or those that memory suffices for,
 * and how many more there were. Takes its memory piece by piece, as it fills. Written by that
 * thread, read by any.
 */
final class TraceBuffer {

  /** The most events; each takes 32 bytes. */
  static final int MOST_EVENTS = 1 << 18;

  private final String thread;
  private final TraceMemory memory;
  private final long[][] pieces = new long[MOST_EVENTS / TraceEvents.OF_PIECE][];

  /** Set when an event is whole. */
  private final AtomicInteger count = new AtomicInteger();

  private final AtomicInteger dropped = new AtomicInteger();

  /** Whether its memory was given back; the thread may not know yet. */
  private boolean forgotten;

  /** Takes the memory of its first events. */
  TraceBuffer(String thread, TraceMemory memory) {
    this.thread = thread;
    this.memory = memory;
    var _ = piece(0);
  }

  /** Adds an event as of {@link TraceEvent#write}. */
  void add(long start, long end, long what, long place) {
    int number = count.getPlain();
    long[] piece = piece(number / TraceEvents.OF_PIECE);
    if (piece == null) {
      dropped.setRelease(dropped.getPlain() + 1);
      return;
    }
    int at = number % TraceEvents.OF_PIECE * TraceEvents.LONGS;
    piece[at] = start;
    piece[at + 1] = end;
    piece[at + 2] = what;
    piece[at + 3] = place;
    count.setRelease(number + 1);
  }

  /** Null where there is no room. */
  private long[] piece(int number) {
    if (number == pieces.length) {
      return null;
    }
    if (pieces[number] == null) {
      take(number);
    }
    return pieces[number];
  }

  private synchronized void take(int number) {
    if (!forgotten) {
      pieces[number] = memory.take();
    }
  }

  /** Gives its memory back, once, and takes no more: its thread may still be about to. */
  synchronized void forget() {
    if (!forgotten) {
      forgotten = true;
      memory.giveBack((int) Arrays.stream(pieces).filter(Objects::nonNull).count());
    }
  }

  /** Bytes of its events' memory. */
  long bytes() {
    return Arrays.stream(pieces)
        .filter(Objects::nonNull)
        .mapToLong(piece -> (long) piece.length * Long.BYTES)
        .sum();
  }

  /** Whether nothing was to be noted yet. */
  boolean isEmpty() {
    return count.getAcquire() == 0 && dropped.getAcquire() == 0;
  }

  /** A view of what is there so far. */
  NodeTrace.OfThread noted() {
    int until = count.getAcquire();
    return new NodeTrace.OfThread(thread, dropped.getAcquire(), new TraceEvents(pieces, until));
  }
}
