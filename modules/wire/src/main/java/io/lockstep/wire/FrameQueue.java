package io.lockstep.wire;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;

/**
 * Frames that leave in the order in which they were given. Given from any thread, also under locks
 * of a shard: so nothing is written before the event loop comes to it.
 */
final class FrameQueue extends Outbox {

  private final ArrayDeque<ByteBuf> frames = new ArrayDeque<>();
  private final BooleanSupplier more;
  private boolean closed;

  /**
   * @param more called by the event loop when nothing waits and the socket takes more, without a
   *     lock: may give more frames, and says whether it did
   */
  FrameQueue(Link link, BooleanSupplier more) {
    super(link);
    this.more = more;
  }

  /** Queues a frame, which is taken over. */
  void offer(ByteBuf frame) {
    if (put(frame)) {
      wakeLater();
    }
  }

  /**
   * As {@link #offer}, but it may wait until the next {@link #wakeLater}.
   *
   * @return false if the connection has ended, and the frame was released
   */
  synchronized boolean put(ByteBuf frame) {
    if (closed) {
      frame.release();
    } else {
      frames.add(frame);
    }
    return !closed;
  }

  /** Number of frames that wait. */
  synchronized int waiting() {
    return frames.size();
  }

  @Override
  Outgoing next() {
    ByteBuf frame = poll();
    while (frame == null && !isClosed() && more.getAsBoolean()) {
      frame = poll();
    }
    return frame == null ? null : new Outgoing.Encoded(frame);
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized ByteBuf poll() {
    return frames.poll();
  }

  @Override
  synchronized void close() {
    closed = true;
    for (ByteBuf frame = frames.poll(); frame != null; frame = frames.poll()) {
      frame.release();
    }
  }
}
