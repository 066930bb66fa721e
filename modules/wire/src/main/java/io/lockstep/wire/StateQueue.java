package io.lockstep.wire;

import io.netty.buffer.ByteBuf;
import java.io.IOException;

/**
 * State on its way to a peer: each frame is made just before it is written, so that only as much
 * waits as the socket takes. Used by the event loop, and {@link #wake} by any thread.
 */
final class StateQueue extends Outbox {

  /** Makes the frames. */
  interface Source {

    /**
     * One of the frames.
     *
     * @throws IllegalArgumentException if it is not there any more
     */
    ByteBuf frame(int number);
  }

  private final int count;
  private final Source source;
  private int sent;

  StateQueue(Link link, int count, Source source) {
    super(link);
    this.count = count;
    this.source = source;
  }

  @Override
  Outgoing next() {
    if (sent == count) {
      return null;
    }
    try {
      return new Outgoing.Encoded(source.frame(sent++));
    } catch (IllegalArgumentException gone) {
      sent = count;
      link().fail(new IOException(gone.getMessage()));
      return null;
    }
  }

  @Override
  void close() {
    sent = count;
  }
}
