package io.lockstep.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * The one buffer that a connection reads into, again and again: it stays in the core's cache, where
 * the checksum and the copy to the floats' place find it. Netty's own choice grows and shrinks, and
 * makes a buffer for each read.
 *
 * <p>Belongs to the connection's event loop. Whoever gets the buffer reads all of it before the
 * next read, as {@link Link} does; not for pipelines that keep what they are given (TLS).
 */
final class ReceiveBuffer extends DefaultMaxMessagesRecvByteBufAllocator {

  private final ByteBufAllocator allocator;
  private ByteBuf buffer;

  ReceiveBuffer(ByteBufAllocator allocator, int bytes) {
    this.allocator = allocator;
    this.buffer = allocator.directBuffer(bytes, bytes);
  }

  /** Exchanges the buffer for one of {@code bytes}. */
  void resize(int bytes) {
    if (buffer != null) {
      buffer.release();
      buffer = allocator.directBuffer(bytes, bytes);
    }
  }

  /** Gives the buffer back; nothing is read any more. */
  void close() {
    if (buffer != null) {
      buffer.release();
      buffer = null;
    }
  }

  private ByteBuf lend(ByteBufAllocator other) {
    if (buffer == null || buffer.refCnt() > 1) {
      return other.ioBuffer();
    }
    return buffer.clear().retain();
  }

  @Override
  @SuppressWarnings("deprecation") // The only form in which Netty asks.
  public Handle newHandle() {
    return new MaxMessageHandle() {
      @Override
      public int guess() {
        return buffer == null ? 0 : buffer.capacity();
      }

      @Override
      public ByteBuf allocate(ByteBufAllocator other) {
        return lend(other);
      }
    };
  }
}
