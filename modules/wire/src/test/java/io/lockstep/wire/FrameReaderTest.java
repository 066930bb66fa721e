package io.lockstep.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.kernels.Elementwise;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import io.lockstep.training.GradientFormat;
import io.lockstep.training.trace.TraceEvent;
import io.lockstep.training.trace.TraceKind;
import io.lockstep.training.trace.TraceWindow;
import io.lockstep.training.trace.Tracer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Frames are put together rightly however they are cut, and what is wrong is refused by name. */
class FrameReaderTest {

  private static final int FLOATS = 5;
  private static final int MOST_BYTES = 600;
  private static final String PEER = "peer";

  private final ByteBufAllocator allocator = new PooledByteBufAllocator(true);
  private final FrameEncoder encoder = new FrameEncoder(allocator);
  private final CollectingHandler handler = new CollectingHandler(3, FLOATS, true);
  private final FrameReader reader = readerFor(handler);

  @AfterEach
  void noBufferIsLeft() {
    assertThat(LeakReports.afterCollection()).isEmpty();
  }

  @Test
  void frameOfEachKindArrivesAsItWas() throws FrameException {
    ByteBuf all = oneOfEach();
    reader.read(all);
    all.release();

    assertThat(handler.frames)
        .containsExactly(
            "HELLO run 3 configuration 4 step 0 bucket 0 node (0, 0) of 0 plan -1: worker-1",
            "SUMS run 3 configuration 4 step 7 bucket 0 node (2, 1) of 16 plan -1: "
                + "Sums[weight=1.5, loss=-2.25, correct=3.0, deviance=4.5, nonFiniteLayer=9]",
            "GRADIENT run 3 configuration 4 step 7 bucket 1 node (2, 1) of 16 plan -1: "
                + "[1.0, NaN, -0.0, Infinity, 1.4E-45]",
            "WEIGHTS run 3 configuration 4 step 8 bucket 2 node (0, 0) of 0 plan 70000: "
                + "[NaN, -0.0, Infinity, 1.4E-45, 6.0]",
            "GRADIENT run 3 configuration 4 step 0 bucket 0 node (0, 0) of 0 plan -1: "
                + "[1.0, -0.75, 3.0040553E38, 9.984021E-31, NaN]",
            "STEP run 3 configuration 4 step 8 bucket 0 node (0, 0) of 0 plan 2: null");
  }

  @Test
  void framesCutAtEveryByteArePutTogether() throws FrameException {
    ByteBuf all = oneOfEach();
    reader.read(all.duplicate());
    for (int cut = 1; cut < all.readableBytes(); cut++) {
      CollectingHandler cutHandler = new CollectingHandler(3, FLOATS, true);
      FrameReader cutReader = readerFor(cutHandler);
      cutReader.read(all.slice(0, cut));
      cutReader.read(all.slice(cut, all.readableBytes() - cut));
      assertThat(cutHandler.frames).as("cut at " + cut).isEqualTo(handler.frames);
      assertThat(cutReader.atFrameStart()).isTrue();
    }
    all.release();
  }

  @Test
  void framesCutIntoPiecesOfAnyLengthArePutTogether() throws FrameException {
    ByteBuf all = oneOfEach();
    reader.read(all.duplicate());
    for (int length = 1; length <= 80; length++) {
      CollectingHandler cutHandler = new CollectingHandler(3, FLOATS, true);
      FrameReader cutReader = readerFor(cutHandler);
      ByteBuf rest = all.duplicate();
      while (rest.isReadable()) {
        ByteBuf heap =
            Unpooled.copiedBuffer(rest.readSlice(Math.min(length, rest.readableBytes())));
        cutReader.read(heap);
      }
      assertThat(cutHandler.frames).as("pieces of " + length).isEqualTo(handler.frames);
    }
    all.release();
  }

  /** Of step 7. */
  private List<TraceKind> noted(TraceWindow window, int piece) throws FrameException {
    CollectingHandler traced = new CollectingHandler(3, FLOATS, true);
    traced.tracer = new Tracer(window);
    FrameReader tracedReader = readerFor(traced);
    ByteBuf frame = gradient();
    while (frame.isReadable()) {
      tracedReader.read(frame.readSlice(Math.min(piece, frame.readableBytes())));
    }
    frame.release();
    return traced.tracer.threads().stream()
        .flatMap(thread -> thread.events().stream())
        .map(TraceEvent::kind)
        .toList();
  }

  @Test
  void notesTheFirstAndTheLastPieceOfABucket() throws FrameException {
    TraceWindow window = new TraceWindow(7, 1);
    TraceKind kind = TraceKind.RECEIVE_GRADIENT;
    assertThat(noted(window, MOST_BYTES)).containsExactly(kind);
    assertThat(noted(window, 1)).containsExactly(kind, kind);
    assertThat(noted(new TraceWindow(8, 1), 1)).isEmpty();
  }

  @Test
  void bufferOfSeveralPartsIsRead() throws FrameException {
    ByteBuf all = oneOfEach();
    reader.read(all.duplicate());
    CollectingHandler other = new CollectingHandler(3, FLOATS, true);
    CompositeByteBuf parts = allocator.compositeDirectBuffer(100);
    while (all.isReadable()) {
      parts.addComponent(true, all.readRetainedSlice(Math.min(37, all.readableBytes())));
    }
    readerFor(other).read(parts);
    parts.release();
    all.release();

    assertThat(other.frames).isEqualTo(handler.frames);
  }

  @Test
  void unwantedFloatsAreDropped() throws FrameException {
    CollectingHandler indifferent = new CollectingHandler(3, FLOATS, false);
    ByteBuf all = oneOfEach();
    readerFor(indifferent).read(all);
    all.release();

    assertThat(indifferent.frames).hasSize(6);
    assertThat(indifferent.theta).containsOnly(0);
  }

  @Test
  void strangerIsRefusedAfterFourBytes() {
    assertThatThrownBy(() -> reader.read(Unpooled.copiedBuffer("GET ", StandardCharsets.US_ASCII)))
        .isInstanceOf(FrameException.BadMagic.class)
        .hasMessage("frame magic: expected LKST, found 47455420 (GET.), from peer");
  }

  @Test
  void otherProtocolVersionIsRefused() {
    refuses(gradient(), frame -> frame.setShortLE(4, 8))
        .isInstanceOf(FrameException.ProtocolVersion.class)
        .hasMessageContaining("expected 7, found 8");
  }

  @Test
  void damagedHeaderIsRefused() {
    for (int at = 6; at < FrameHeader.BYTES; at++) {
      int damaged = at;
      refuses(gradient(), frame -> frame.setByte(damaged, frame.getByte(damaged) ^ 4))
          .isInstanceOf(FrameException.Checksum.class)
          .hasMessageContaining("checksum of the header");
    }
  }

  @Test
  void damagedPayloadIsRefused() {
    for (int at = FrameHeader.BYTES + FloatBlock.PREFIX_BYTES; at < length(gradient()); at++) {
      int damaged = at;
      refuses(gradient(), frame -> frame.setByte(damaged, frame.getByte(damaged) ^ 4))
          .isInstanceOf(FrameException.Checksum.class)
          .hasMessageContaining("checksum of the payload of GRADIENT");
    }
    refuses(sums(), frame -> frame.setByte(70, frame.getByte(70) ^ 4))
        .isInstanceOf(FrameException.Checksum.class);
  }

  @Test
  void unknownTypeIsRefused() {
    refuses(gradient(), frame -> reseal(frame.setByte(6, 99)))
        .isInstanceOf(FrameException.UnknownType.class)
        .hasMessageContaining("found 99");
  }

  @Test
  void unknownFlagIsRefused() {
    refuses(gradient(), frame -> reseal(frame.setByte(7, 2)))
        .isInstanceOf(FrameException.UnknownType.class)
        .hasMessageContaining("frame flags");
    refuses(sums(), frame -> reseal(frame.setByte(7, 1)))
        .as("no floats to share")
        .isInstanceOf(FrameException.UnknownType.class);
  }

  @Test
  void floatsInMemoryThatNobodySharesAreRefused() {
    encoder.begin(FrameType.GRADIENT, 3, 4).bucket = 1;
    refuses(encoder.shared(2, FLOATS, GradientFormat.FLOAT32), frame -> {})
        .isInstanceOf(FrameException.Unexpected.class)
        .hasMessageContaining(
            "slot of shared memory: expected one that holds this bucket, found 2 (claim 0)");
    refuses(gradient(), frame -> reseal(frame.setByte(7, 1)))
        .as("as long as with its floats")
        .isInstanceOf(FrameException.ForgedLength.class);
  }

  @Test
  void sharedMemoryIsOnlyOfferedWithinAMachine() {
    encoder.begin(FrameType.SHARE, 3, 4);
    refuses(encoder.message(new Messages.Share("/proc/1/fd/1", 1, 2, 64, 0)), frame -> {})
        .isInstanceOf(FrameException.Unexpected.class)
        .hasMessageContaining("expected none about shared memory, found SHARE");
    encoder.begin(FrameType.SHARED, 3, 4);
    refuses(encoder.nothing(), frame -> {}).isInstanceOf(FrameException.Unexpected.class);
  }

  @Test
  void oversizeIsRefusedBeforeThePayloadIsThere() {
    for (int length : new int[] {MOST_BYTES + 1, Integer.MAX_VALUE, -1}) {
      refuses(
              gradient(),
              frame -> {
                reseal(frame.setIntLE(52, length));
                frame.writerIndex(FrameHeader.BYTES);
              })
          .isInstanceOf(FrameException.TooLong.class)
          .hasMessageContaining("at most 600");
    }
  }

  @Test
  void payloadOfAnotherLengthThanTheBucketIsRefused() {
    refuses(gradient(), frame -> reseal(frame.setIntLE(52, 24)))
        .isInstanceOf(FrameException.ForgedLength.class)
        .hasMessageContaining("expected 28, found 24");
  }

  @Test
  void forgedArrayLengthIsRefused() {
    for (int length : new int[] {4, 6, -1, Integer.MAX_VALUE}) {
      refuses(gradient(), frame -> frame.setIntLE(FrameHeader.BYTES + 4, length))
          .isInstanceOf(FrameException.ForgedLength.class)
          .hasMessageContaining("expected 5, found " + length);
    }
  }

  @Test
  void floatsOfAnotherFormatAreRefused() {
    refuses(gradient(), frame -> frame.setByte(FrameHeader.BYTES + 1, 1))
        .isInstanceOf(FrameException.Unexpected.class)
        .hasMessageContaining("expected float32, found bfloat16");
  }

  @Test
  void payloadOfAnUnknownClassIsRefused() {
    for (int id : new int[] {0, 1, 2, 18, 22, 25, 100}) {
      refuses(gradient(), frame -> frame.setByte(FrameHeader.BYTES, id))
          .isInstanceOf(FrameException.UnknownClass.class);
    }
    for (int id : new int[] {0, 1, 2, 18, 23, 25, 100}) {
      refuses(sums(), frame -> resealPayload(frame.setByte(FrameHeader.BYTES, id)))
          .isInstanceOf(FrameException.UnknownClass.class);
    }
  }

  @Test
  void messageThatDoesNotFillItsPayloadIsRefused() {
    refuses(sums(), frame -> resealPayload(frame.writeByte(0).setIntLE(52, 38)))
        .isInstanceOf(FrameException.ForgedLength.class)
        .hasMessageContaining("bytes of Sums: expected 37, found 38");
  }

  @Test
  void messageThatIsCutShortIsRefused() {
    refuses(
            sums(),
            frame -> resealPayload(frame.writerIndex(FrameHeader.BYTES + 20).setIntLE(52, 20)))
        .isInstanceOf(FrameException.ForgedLength.class)
        .hasMessageContaining("a whole Sums");
  }

  private org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refuses(
      ByteBuf frame, Consumer<ByteBuf> damage) {
    CollectingHandler untouched = new CollectingHandler(3, FLOATS, true);
    damage.accept(frame);
    try {
      return assertThatThrownBy(() -> readerFor(untouched).read(frame))
          .hasMessageContaining("from peer")
          .satisfies(e -> assertThat(untouched.frames).isEmpty());
    } finally {
      frame.release();
    }
  }

  private static FrameReader readerFor(FrameHandler handler) {
    Link link =
        new Link(
            new EmbeddedChannel(),
            PEER,
            null,
            new TrafficCounters(),
            Sharing.Kind.NEVER,
            kind -> true);
    FrameReader reader = new FrameReader(link.sharing());
    reader.become(PEER, handler, MOST_BYTES);
    return reader;
  }

  private static int length(ByteBuf frame) {
    int length = frame.readableBytes();
    frame.release();
    return length;
  }

  private static ByteBuf reseal(ByteBuf frame) {
    CRC32C crc = new CRC32C();
    crc.update(frame.nioBuffer(0, 60));
    return frame.setIntLE(60, (int) crc.getValue());
  }

  private static ByteBuf resealPayload(ByteBuf frame) {
    CRC32C crc = new CRC32C();
    ByteBuffer payload =
        frame.nioBuffer(FrameHeader.BYTES, frame.writerIndex() - FrameHeader.BYTES);
    crc.update(payload.order(ByteOrder.LITTLE_ENDIAN));
    return reseal(frame.setIntLE(56, (int) crc.getValue()));
  }

  private ByteBuf gradient() {
    FrameHeader header = encoder.begin(FrameType.GRADIENT, 3, 4);
    header.step = 7;
    header.bucket = 1;
    header.level = 2;
    header.index = 1;
    header.units = 16;
    return encoder.floats(values(), 1, FLOATS, GradientFormat.FLOAT32);
  }

  private ByteBuf sums() {
    FrameHeader header = encoder.begin(FrameType.SUMS, 3, 4);
    header.step = 7;
    header.level = 2;
    header.index = 1;
    header.units = 16;
    Sums sums = new Sums();
    sums.weight = 1.5;
    sums.loss = -2.25;
    sums.correct = 3;
    sums.deviance = 4.5;
    sums.nonFiniteLayer = 9;
    return encoder.message(sums);
  }

  private static float[] values() {
    return new float[] {0, 1, Float.NaN, -0f, Float.POSITIVE_INFINITY, Float.MIN_VALUE, 6};
  }

  private ByteBuf oneOfEach() {
    ByteBuf all = allocator.directBuffer();
    encoder.begin(FrameType.HELLO, 3, 4);
    append(all, encoder.message(new Messages.Hello(new byte[32], 0, 0, "worker-1", new byte[32])));
    append(all, sums());
    append(all, gradient());
    FrameHeader weights = encoder.begin(FrameType.WEIGHTS, 3, 4);
    weights.step = 8;
    weights.bucket = 2;
    weights.plan = 70_000;
    append(all, encoder.floats(values(), 2, FLOATS, GradientFormat.FLOAT32));
    encoder.begin(FrameType.GRADIENT, 3, 4).bucket = CollectingHandler.ROUNDED_BUCKET;
    float[] rounded = {1, -0.75f, 3e38f, 1e-30f, Float.NaN};
    Elementwise kernels = Kernels.select(Kernels.Choice.SCALAR).elementwise();
    GradientFormat.BFLOAT16.round(kernels, rounded, 0, FLOATS);
    append(all, encoder.floats(rounded, 0, FLOATS, GradientFormat.BFLOAT16));
    FrameHeader step = encoder.begin(FrameType.STEP, 3, 4);
    step.step = 8;
    step.plan = 2;
    append(all, encoder.nothing());
    return all;
  }

  private static void append(ByteBuf all, ByteBuf frame) {
    all.writeBytes(frame);
    frame.release();
  }
}
