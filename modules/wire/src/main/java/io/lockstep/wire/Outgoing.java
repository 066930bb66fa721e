package io.lockstep.wire;

import io.netty.buffer.ByteBuf;

/**
 * A frame that waits to be sent. Exactly one of {@link #encode} and {@link #drop} is called, once.
 */
interface Outgoing {

  /** Bytes that wait with it. */
  int bytes();

  /** Makes the frame, which is handed over, and gives back what this holds. */
  ByteBuf encode();

  /** Gives back what this holds. */
  void drop();

  /** Bytes of the payload that do not travel, since the peer reads them in shared memory. */
  default int sharedBytes() {
    return 0;
  }

  /** A frame that is made already. */
  record Encoded(ByteBuf frame, int sharedBytes) implements Outgoing {

    /** One that carries all of its payload. */
    Encoded(ByteBuf frame) {
      this(frame, 0);
    }

    @Override
    public int bytes() {
      return frame.readableBytes();
    }

    @Override
    public ByteBuf encode() {
      return frame;
    }

    @Override
    public void drop() {
      frame.release();
    }
  }
}
