package io.lockstep.training.trace;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Notes what the threads of a node do in the steps of a window. Every event is one call of {@link
 * #begin} and one of an {@code end}, by the same thread, so what a thread notes is nested.
 *
 * <p>Thread-safe without a lock: each thread writes to memory of its own, which is taken when it
 * first notes something; nothing else is allocated. Nothing of a result depends on it.
 */
public final class Tracer {

  /** Notes nothing. */
  public static final Tracer OFF = new Tracer(TraceWindow.NONE);

  /** In place of a time: what begins is not noted. */
  public static final long NOT_NOTED = Long.MIN_VALUE;

  /** A wait that is over at once is none. */
  private static final long LEAST_WAIT_NANOS = 1_000;

  private final long first;
  private final long end;
  private final int room;
  private final List<TraceRing> rings = new CopyOnWriteArrayList<>();
  private final ThreadLocal<TraceRing> own = ThreadLocal.withInitial(this::newRing);

  /** Notes the steps of {@code window}. */
  public Tracer(TraceWindow window) {
    this.first = window.first();
    this.end = window.end();
    this.room = window.eventsOfThread();
  }

  private TraceRing newRing() {
    TraceRing ring = new TraceRing(Thread.currentThread().getName(), room);
    rings.add(ring);
    return ring;
  }

  /** The time now, if what begins now is part of a step of the window. */
  public long begin(long step) {
    return step < end && step >= first ? System.nanoTime() : NOT_NOTED;
  }

  /**
   * Something is done that began at {@code since}, and has to do with a step alone or with an
   * operation of the network.
   *
   * @param operation the index of the layer; 0 if it has to do with none
   */
  public void end(TraceKind kind, long step, long since, int operation) {
    if (since != NOT_NOTED) {
      own.get().add(kind, step, since, System.nanoTime(), place(0, 0, operation));
    }
  }

  /** As {@link #end(TraceKind, long, long, int)}, of a bucket of a node of the step's tree. */
  public void end(TraceKind kind, long step, long since, int bucket, int level, int index) {
    if (since != NOT_NOTED) {
      own.get().add(kind, step, since, System.nanoTime(), place(bucket, level, index));
    }
  }

  /** As {@link #end(TraceKind, long, long, int)}, where it took any time. */
  public void waited(TraceKind kind, long step, long since) {
    if (since != NOT_NOTED) {
      long now = System.nanoTime();
      if (now - since >= LEAST_WAIT_NANOS) {
        own.get().add(kind, step, since, now, 0);
      }
    }
  }

  private static long place(int bucket, int level, int index) {
    return (long) bucket << 40 | (long) level << 32 | index;
  }

  /** What each thread has noted so far. */
  public List<NodeTrace.OfThread> threads() {
    return rings.stream().map(TraceRing::noted).toList();
  }
}
