package io.lockstep.training.trace;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Where threads take memory for what they note, piece by piece, and where it is given back. All
 * nodes of a process have one in common. Thread-safe.
 */
final class TraceMemory {

  /** The part of all memory, as 1 / share. */
  private static final int SHARE = 8;

  /** An eighth of what this JVM may take. */
  static final TraceMemory OF_JVM = new TraceMemory(piecesOfJvm(), TraceEvents::piece);

  private final Semaphore left;
  private final Supplier<long[]> source;

  /** Whether the JVM had no room for the last piece, and none was given back since. */
  private volatile boolean full;

  /**
   * @param pieces the most that are taken at once
   * @param source makes one
   */
  TraceMemory(int pieces, Supplier<long[]> source) {
    this.left = new Semaphore(pieces);
    this.source = source;
  }

  private static int piecesOfJvm() {
    long bytes = (long) TraceEvents.OF_PIECE * TraceEvent.BYTES;
    return Math.clamp(Runtime.getRuntime().maxMemory() / SHARE / bytes, 1, Integer.MAX_VALUE);
  }

  /**
   * Null where there is no room: a timeline is no reason for a thread to end. When memory is full
   * nobody tries again until some is given back, since the JVM would look through all of it each
   * time.
   */
  long[] take() {
    if (full || !left.tryAcquire()) {
      return null;
    }
    try {
      return source.get();
    } catch (OutOfMemoryError none) {
      full = true;
      left.release();
      return null;
    }
  }

  /** So many that were taken are not used any more. */
  void giveBack(int pieces) {
    left.release(pieces);
    full = false;
  }
}
