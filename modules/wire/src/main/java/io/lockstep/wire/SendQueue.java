package io.lockstep.wire;

import io.lockstep.training.GradientFormat;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What a worker has for one server, in order. Entries are encoded by the event loop just before it
 * writes them: so the bytes are still in its core's cache when the kernel takes them, few buffers
 * are in use, and compute threads go on computing.
 *
 * <p>A thread that gives more than the server takes waits, until there is room again, the
 * connection has ended, or the server has taken nothing for too long, which ends it.
 */
final class SendQueue extends Outbox {

  private final long mostBytes;
  private final long patienceMs;
  private final long patienceNanos;
  private final Optional<SharedGradients> shared;
  private final ArrayDeque<Outgoing> entries = new ArrayDeque<>();
  private long bytes;
  private long taken;
  private boolean closed;

  /**
   * @param shared memory that the server may read; ends with the connection
   * @param mostBytes from this on whoever gives more waits
   * @param patienceMs how long a server may take nothing
   */
  SendQueue(Link link, Optional<SharedGradients> shared, long mostBytes, long patienceMs) {
    super(link);
    this.shared = shared;
    this.mostBytes = mostBytes;
    this.patienceMs = patienceMs;
    this.patienceNanos = TimeUnit.MILLISECONDS.toNanos(patienceMs);
  }

  /**
   * Writes floats to shared memory.
   *
   * @return the ticket for the frame that is offered next; {@link SharedSlots#NONE} if they have to
   *     travel in it
   */
  long share(float[] values, int at, int length, GradientFormat format) {
    return shared.isEmpty() ? SharedSlots.NONE : shared.get().write(values, at, length, format);
  }

  /** Queues an entry, which is taken over. */
  void offer(Outgoing entry) {
    if (put(entry)) {
      wake();
    } else {
      entry.drop();
    }
  }

  private synchronized boolean put(Outgoing entry) {
    awaitRoom();
    if (!closed) {
      entries.add(entry);
      bytes += entry.bytes();
    }
    return !closed;
  }

  /** A thread may wake up for nothing: only the time without progress counts. */
  private void awaitRoom() {
    long seen = taken;
    long deadline = System.nanoTime() + patienceNanos;
    while (bytes > mostBytes && !closed && !link().inEventLoop()) {
      if (taken != seen) {
        seen = taken;
        deadline = System.nanoTime() + patienceNanos;
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        giveUp();
        return;
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void giveUp() {
    closed = true;
    link().execute(() -> link().fail(new IOException(stalled())));
  }

  private String stalled() {
    return "expected the server to go on reading, but it took nothing for " + patienceMs + " ms";
  }

  @Override
  synchronized Outgoing next() {
    Outgoing entry = entries.poll();
    if (entry != null) {
      bytes -= entry.bytes();
      taken++;
      notifyAll();
    }
    return entry;
  }

  @Override
  void close() {
    synchronized (this) {
      closed = true;
    }
    for (Outgoing entry = next(); entry != null; entry = next()) {
      entry.drop();
    }
    shared.ifPresent(SharedGradients::close);
  }
}
