package io.lockstep.training.trace;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Notes what the threads of a node do in the steps of a window. Every event is one call of {@link
 * #begin} and one of an {@code end}, by the same thread, so what a thread notes is nested.
 *
 * <p>Thread-safe, without a lock where events are noted: each thread writes to memory of its own.
 * It takes that in the two steps before the window, where it does anything in them, and more as it
 * fills; nothing else is allocated. All tracers of a process have an eighth of its memory in
 * common, so whoever has one {@link #forget lets go} of it in the end. Nothing of a result depends
 * on it.
 */
public final class Tracer {

  /** Notes nothing. */
  public static final Tracer OFF = new Tracer(TraceWindow.NONE);

  /** In place of a time: what begins is not noted. */
  public static final long NOT_NOTED = Long.MIN_VALUE;

  /** A wait that is over at once is none. */
  private static final long LEAST_WAIT_NANOS = 1_000;

  /** How many steps before the window threads take their memory. */
  private static final int NEAR = 2;

  private final long near;
  private final long first;
  private final long end;
  private final TraceMemory memory;
  private final List<TraceBuffer> buffers = new CopyOnWriteArrayList<>();
  private boolean forgotten;

  /** Weak, since threads may outlive the run: the memory is the tracer's. */
  private final ThreadLocal<WeakReference<TraceBuffer>> own =
      ThreadLocal.withInitial(() -> new WeakReference<>(newBuffer()));

  /** Notes the steps of {@code window}. */
  public Tracer(TraceWindow window) {
    this(window, TraceMemory.OF_JVM);
  }

  Tracer(TraceWindow window, TraceMemory memory) {
    this.memory = memory;
    this.near = window.isEmpty() ? window.end() : window.first() - NEAR;
    this.first = window.first();
    this.end = window.end();
  }

  /** Null if nothing is kept any more. */
  private synchronized TraceBuffer newBuffer() {
    if (forgotten) {
      return null;
    }
    TraceBuffer buffer = new TraceBuffer(Thread.currentThread().getName(), memory);
    buffers.add(buffer);
    return buffer;
  }

  /** The time now, if what begins now is part of a step of the window. */
  public long begin(long step) {
    if (step >= end || step < near) {
      return NOT_NOTED;
    }
    if (step < first) {
      var _ = own.get();
      return NOT_NOTED;
    }
    return System.nanoTime();
  }

  /**
   * Something is done that began at {@code since}, and has to do with a step alone or with an
   * operation of the network.
   *
   * @param operation the index of the layer; 0 if it has to do with none
   */
  public void end(TraceKind kind, long step, long since, int operation) {
    end(kind, step, since, 0, 0, operation);
  }

  /** As {@link #end(TraceKind, long, long, int)}, of a bucket of a node of the step's tree. */
  public void end(TraceKind kind, long step, long since, int bucket, int level, int index) {
    if (since != NOT_NOTED) {
      note(kind, step, since, System.nanoTime(), TraceEvent.place(bucket, level, index));
    }
  }

  /** As {@link #end(TraceKind, long, long, int)}, where it took any time. */
  public void waited(TraceKind kind, long step, long since) {
    if (since != NOT_NOTED) {
      long now = System.nanoTime();
      if (now - since >= LEAST_WAIT_NANOS) {
        note(kind, step, since, now, 0);
      }
    }
  }

  /** The time was read before: taking memory is no part of the event. */
  private void note(TraceKind kind, long step, long since, long now, long place) {
    TraceBuffer buffer = own.get().get();
    if (buffer != null) { // Else it was forgotten.
      buffer.add(since, now, TraceEvent.what(kind, step), place);
    }
  }

  /** Whether nothing was noted yet. */
  public boolean isEmpty() {
    return buffers.stream().allMatch(TraceBuffer::isEmpty);
  }

  /** Bytes of the memory that threads have taken. */
  public long bytes() {
    return buffers.stream().mapToLong(TraceBuffer::bytes).sum();
  }

  /** What each thread has noted so far. */
  public List<NodeTrace.OfThread> threads() {
    return buffers.stream().filter(b -> !b.isEmpty()).map(TraceBuffer::noted).toList();
  }

  /** Lets go of what was noted, and gives its memory back; nothing more is kept. */
  public synchronized void forget() {
    forgotten = true;
    buffers.forEach(TraceBuffer::forget);
    buffers.clear();
  }
}
