package io.lockstep.training.trace;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Where the threads of a node take memory for what they note, piece by piece. Thread-safe. */
final class TraceMemory {

  /** The part of all memory, as 1 / share. */
  private static final int SHARE = 8;

  private final AtomicInteger left;
  private final Supplier<long[]> source;

  /**
   * @param pieces the most that are taken
   * @param source makes one
   */
  TraceMemory(int pieces, Supplier<long[]> source) {
    this.left = new AtomicInteger(pieces);
    this.source = source;
  }

  /** An eighth of what this JVM may take. */
  static TraceMemory ofJvm() {
    long bytes = (long) TraceEvents.OF_PIECE * TraceEvent.BYTES;
    long pieces = Runtime.getRuntime().maxMemory() / SHARE / bytes;
    return new TraceMemory(Math.clamp(pieces, 1, Integer.MAX_VALUE), TraceEvents::piece);
  }

  /**
   * Null where there is no room: a timeline is no reason for a thread to end. When memory is full
   * nobody tries again, since the JVM would look through all of it each time.
   */
  long[] take() {
    if (left.get() <= 0 || left.getAndDecrement() <= 0) {
      return null;
    }
    try {
      return source.get();
    } catch (OutOfMemoryError full) {
      left.set(0);
      return null;
    }
  }
}
