package io.lockstep.wire;

import io.lockstep.training.GradientFormat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Makes frames: fill {@link #begin}'s header, then call one of the others. Used by one thread at a
 * time; the frame belongs to the caller.
 */
final class FrameEncoder {

  /**
   * Room for the longest message but {@link FrameType#TOTALS}: a hello with a name of {@value
   * Messages#TEXT_BYTES} bytes.
   */
  static final int MESSAGE_BYTES = 512;

  private final ByteBufAllocator allocator;
  private final Payloads payloads = new Payloads();
  private final FrameHeader header = new FrameHeader();
  private final FloatBlock block = new FloatBlock();
  private final byte[] headerBytes = new byte[FrameHeader.BYTES];
  private final CRC32C crc = new CRC32C();

  FrameEncoder(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  /** The header of the next frame, empty. */
  FrameHeader begin(FrameType type, long run, long configuration) {
    return header.begin(type, run, configuration);
  }

  /** A frame without payload. */
  ByteBuf nothing() {
    return encode(null, 0);
  }

  /** A frame with a small payload. */
  ByteBuf message(Object payload) {
    return encode(payload, MESSAGE_BYTES);
  }

  /** A frame with the totals of a step. */
  ByteBuf totals(double[] totals) {
    return encode(totals, Messages.TotalsCodec.payloadBytes(totals));
  }

  /** A frame with {@code values[at, at + length)}, copied once. */
  ByteBuf floats(float[] values, int at, int length, GradientFormat format) {
    block.set(values, at, length, format);
    ByteBuf frame = encode(block, block.payloadBytes());
    block.values = null;
    return frame;
  }

  /** A frame about {@code length} floats that are in a slot of shared memory. */
  ByteBuf shared(long ticket, int length, GradientFormat format) {
    header.shared = true;
    block.set(null, 0, length, format).ticket = ticket;
    return encode(block, block.payloadBytes());
  }

  private ByteBuf encode(Object payload, int mostBytes) {
    ByteBuf frame = allocator.directBuffer(FrameHeader.BYTES + mostBytes);
    boolean whole = false;
    try {
      ByteBuffer buffer = frame.nioBuffer(0, FrameHeader.BYTES + mostBytes);
      buffer.position(FrameHeader.BYTES);
      if (payload != null) {
        payloads.write(buffer, payload);
      }
      frame.writerIndex(buffer.position());
      seal(buffer);
      whole = true;
      return frame;
    } finally {
      if (!whole) {
        frame.release();
      }
    }
  }

  /** Checksums the payload while it is still in the core's cache, and writes the header. */
  private void seal(ByteBuffer buffer) {
    header.payloadBytes = buffer.position() - FrameHeader.BYTES;
    buffer.flip().position(FrameHeader.BYTES);
    crc.reset();
    crc.update(buffer);
    header.payloadChecksum = (int) crc.getValue();
    header.write(headerBytes);
    buffer.put(0, headerBytes);
  }
}
