package io.lockstep.wire;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayDeque;

/**
 * What a worker has for one server, in order. A thread that gives more than the server takes waits,
 * until there is room again, the connection has ended, or the server has taken nothing for too long,
 * which ends it.
 */
final class SendQueue extends Outbox {

  private final long mostBytes;
  private final long patienceMs;
  private final ArrayDeque<ByteBuf> frames = new ArrayDeque<>();
  private long bytes;
  private long taken;
  private boolean closed;

  /**
   * @param mostBytes from this on whoever gives more waits
   * @param patienceMs how long a server may take nothing
   */
  SendQueue(Link link, long mostBytes, long patienceMs) {
    super(link);
    this.mostBytes = mostBytes;
    this.patienceMs = patienceMs;
  }

  /** Queues a frame, which is taken over. */
  void offer(ByteBuf frame) {
    if (put(frame)) {
      wake();
    } else {
      frame.release();
    }
  }

  private synchronized boolean put(ByteBuf frame) {
    awaitRoom();
    if (!closed) {
      frames.add(frame);
      bytes += frame.readableBytes();
    }
    return !closed;
  }

  private void awaitRoom() {
    while (bytes > mostBytes && !closed && !link().inEventLoop()) {
      long before = taken;
      try {
        wait(patienceMs);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      if (taken == before && !closed) {
        closed = true;
        link().execute(() -> link().fail(new IOException(stalled())));
      }
    }
  }

  private String stalled() {
    return "expected the server to go on reading, but it took nothing for " + patienceMs + " ms";
  }

  @Override
  ByteBuf next() {
    ByteBuf frame = frames.poll();
    if (frame != null) {
      bytes -= frame.readableBytes();
      taken++;
      notifyAll();
    }
    return frame;
  }

  @Override
  synchronized void close() {
    closed = true;
    for (ByteBuf frame = next(); frame != null; frame = next()) {
      frame.release();
    }
    notifyAll();
  }
}
