package io.lockstep.wire;

import io.lockstep.training.GradientFormat;
import io.lockstep.training.trace.TraceKind;
import io.lockstep.training.trace.Tracer;
import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Puts frames together from bytes that are cut anywhere, and checks everything before it believes
 * it. Floats go from the receive buffer straight to where they belong: nothing is gathered, and no
 * length that a peer sends makes it allocate.
 *
 * <p>Belongs to one connection and its event loop.
 */
final class FrameReader {

  private enum Phase {
    HEADER,
    MESSAGE,
    FLOATS_PREFIX,
    FLOATS,
    SLOT
  }

  private final Sharing sharing;
  private final Payloads payloads = new Payloads();
  private final FrameHeader header = new FrameHeader();
  private final FloatBlock target = new FloatBlock();
  private final CRC32C crc = new CRC32C();
  private final byte[] staged = new byte[Messages.TotalsCodec.MOST_BYTES];
  private final byte[] cutFloat = new byte[Float.BYTES];
  private final MemorySegment cutFloatSegment = MemorySegment.ofArray(cutFloat);
  private String peer;
  private FrameHandler handler;
  private Phase phase = Phase.HEADER;
  private int stagedBytes;
  private int mostPayloadBytes;

  /** Bytes of the frame's floats that have been copied to their place. */
  private int takenBytes;

  private long frames;

  /**
   * @param sharing gets the frames about shared memory, and reads floats there
   */
  FrameReader(Sharing sharing) {
    this.sharing = sharing;
  }

  /**
   * Says who gets the frames from the next one on; called before the first.
   *
   * @param peer names the other side in exceptions
   * @param mostPayloadBytes the longest payload that is let in
   */
  void become(String peer, FrameHandler handler, int mostPayloadBytes) {
    this.peer = peer;
    this.handler = handler;
    this.mostPayloadBytes = mostPayloadBytes;
  }

  FrameHandler handler() {
    return handler;
  }

  /** Frames read to their end. */
  long frames() {
    return frames;
  }

  /** Whether it stands between two frames. */
  boolean atFrameStart() {
    return phase == Phase.HEADER && stagedBytes == 0;
  }

  /** Takes all of {@code in}, which stays the caller's. */
  void read(ByteBuf in) throws FrameException {
    while (in.isReadable()) {
      switch (phase) {
        case HEADER -> readHeader(in);
        case MESSAGE -> readMessage(in);
        case FLOATS_PREFIX -> readFloatsPrefix(in);
        case FLOATS -> readFloats(in);
        case SLOT -> readSlot(in);
      }
    }
  }

  /** Collects {@code bytes} bytes; returns whether they are complete. */
  private boolean stage(ByteBuf in, int bytes) {
    int taken = Math.min(bytes - stagedBytes, in.readableBytes());
    in.readBytes(staged, stagedBytes, taken);
    stagedBytes += taken;
    return stagedBytes == bytes;
  }

  private void readHeader(ByteBuf in) throws FrameException {
    if (!stage(in, FrameHeader.BYTES)) {
      if (stagedBytes >= FrameHeader.MAGIC_BYTES) {
        FrameHeader.checkMagic(staged, peer);
      }
      return;
    }
    stagedBytes = 0;
    header.read(staged, peer);
    if (Integer.compareUnsigned(header.payloadBytes, mostPayloadBytes) > 0) {
      throw new FrameException.TooLong(peer, mostPayloadBytes, header.payloadBytes);
    }
    target.set(null, 0, 0, GradientFormat.FLOAT32);
    recipient().admit(header, target);
    target.ticket = header.shared ? 0 : SharedSlots.NONE;
    crc.reset();
    switch (header.type.content) {
      case NOTHING -> beginNothing();
      case MESSAGE -> beginMessage();
      case FLOATS -> beginFloats();
    }
  }

  private FrameHandler recipient() {
    return switch (header.type) {
      case SHARE, SHARED -> sharing;
      default -> handler;
    };
  }

  private void beginNothing() throws FrameException {
    checkLength(0);
    checkPayload();
    ended();
    recipient().message(header, null);
  }

  private void beginMessage() throws FrameException {
    int most =
        header.type == FrameType.TOTALS
            ? Messages.TotalsCodec.MOST_BYTES
            : FrameEncoder.MESSAGE_BYTES;
    if (header.payloadBytes == 0 || header.payloadBytes > most) {
      throw new FrameException.ForgedLength(
          peer, "bytes of payload of " + header.type, "1 to " + most, header.payloadBytes);
    }
    phase = Phase.MESSAGE;
  }

  private void beginFloats() throws FrameException {
    checkLength(target.payloadBytes());
    takenBytes = 0;
    phase = Phase.FLOATS_PREFIX;
  }

  private void checkLength(int expected) throws FrameException {
    if (header.payloadBytes != expected) {
      throw new FrameException.ForgedLength(
          peer, "bytes of payload of " + header.type, expected, header.payloadBytes);
    }
  }

  private void readMessage(ByteBuf in) throws FrameException {
    if (!stage(in, header.payloadBytes)) {
      return;
    }
    crc.update(staged, 0, stagedBytes);
    checkPayload();
    Object payload = payloads.read(header.type, staged, stagedBytes, peer);
    ended();
    recipient().message(header, payload);
  }

  private void readFloatsPrefix(ByteBuf in) throws FrameException {
    if (!stage(in, FloatBlock.PREFIX_BYTES)) {
      return;
    }
    crc.update(staged, 0, stagedBytes);
    FloatBlock found = (FloatBlock) payloads.read(header.type, staged, stagedBytes, peer);
    stagedBytes = 0;
    if (found.length != target.length) {
      throw new FrameException.ForgedLength(
          peer, "number of floats in " + header.type, target.length, found.length);
    }
    if (found.format != target.format) {
      throw new FrameException.Unexpected(
          peer, "format of floats in " + header.type, target.format, found.format);
    }
    handler.open(header, target);
    phase = header.shared ? Phase.SLOT : Phase.FLOATS;
  }

  /** Floats in shared memory are there already: their frame has come after them. */
  private void readSlot(ByteBuf in) throws FrameException {
    if (!stage(in, FloatBlock.TICKET_BYTES)) {
      return;
    }
    long since = beginNoted();
    crc.update(staged, 0, stagedBytes);
    checkPayload();
    sharing.read(FloatBlock.ticket(staged), target);
    target.values = null;
    endNoted(since);
    ended();
    handler.floats(header);
  }

  /** Of a frame that comes in many chunks the first and the last are noted. */
  private void readFloats(ByteBuf in) throws FrameException {
    int whole = target.length * target.floatBytes();
    int bytes = Math.min(in.readableBytes(), whole - takenBytes);
    boolean firstOrLast = takenBytes == 0 || takenBytes + bytes == whole;
    long since = firstOrLast ? beginNoted() : Tracer.NOT_NOTED;
    ByteBuffer chunk = chunk(in, bytes);
    int start = chunk.position();
    take(chunk);
    crc.update(chunk.position(start));
    in.skipBytes(bytes);
    endNoted(since);
    if (takenBytes == whole) {
      checkPayload();
      target.values = null;
      ended();
      handler.floats(header);
    }
  }

  /** Weights of a version belong to the step that they come of. */
  private long notedStep() {
    return header.type == FrameType.WEIGHTS ? header.step - 1 : header.step;
  }

  private long beginNoted() {
    return noted() == null ? Tracer.NOT_NOTED : handler.tracer().begin(notedStep());
  }

  private void endNoted(long since) {
    if (since == Tracer.NOT_NOTED) {
      return;
    }
    handler.tracer().end(noted(), notedStep(), since, header.bucket, header.level, header.index);
  }

  /** Null if the floats are none of a step's. */
  private TraceKind noted() {
    return switch (header.type) {
      case GRADIENT -> TraceKind.RECEIVE_GRADIENT;
      case WEIGHTS -> TraceKind.RECEIVE_WEIGHTS;
      case ROOT -> TraceKind.RECEIVE_ROOT;
      default -> null;
    };
  }

  /** The bytes to be read as they lie in memory; copied only if they lie in several places. */
  private static ByteBuffer chunk(ByteBuf in, int bytes) {
    return in.nioBufferCount() == 1
        ? in.internalNioBuffer(in.readerIndex(), bytes)
        : in.nioBuffer(in.readerIndex(), bytes);
  }

  /** Copies what came to its place. A chunk may begin and end within a float. */
  private void take(ByteBuffer chunk) {
    int floatBytes = target.floatBytes();
    while (chunk.hasRemaining() && takenBytes % floatBytes != 0) {
      takeByte(chunk.get(), floatBytes);
    }
    int floats = chunk.remaining() / floatBytes;
    if (target.values != null) {
      target.copyFrom(MemorySegment.ofBuffer(chunk), 0, takenBytes / floatBytes, floats);
    }
    takenBytes += floats * floatBytes;
    chunk.position(chunk.position() + floats * floatBytes);
    while (chunk.hasRemaining()) {
      takeByte(chunk.get(), floatBytes);
    }
  }

  private void takeByte(byte value, int floatBytes) {
    cutFloat[takenBytes % floatBytes] = value;
    takenBytes++;
    if (takenBytes % floatBytes == 0 && target.values != null) {
      target.copyFrom(cutFloatSegment, 0, takenBytes / floatBytes - 1, 1);
    }
  }

  private void checkPayload() throws FrameException {
    int expected = (int) crc.getValue();
    if (header.payloadChecksum != expected) {
      throw new FrameException.Checksum(
          peer, "the payload of " + header.type, expected, header.payloadChecksum);
    }
  }

  private void ended() {
    phase = Phase.HEADER;
    stagedBytes = 0;
    frames++;
  }
}
