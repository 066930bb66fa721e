package io.lockstep.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.training.GradientFormat;
import io.lockstep.training.InProcessDataPlane;
import io.lockstep.training.ShardHost;
import io.lockstep.training.SmallJob;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A server's memory and workers that read it, over links without sockets. */
@EnabledOnOs(OS.LINUX)
class SharedWeightsTest {

  private final InProcessDataPlane plane = new InProcessDataPlane();
  private final PlanesRun run =
      new PlanesRun(SmallJob.of(2, 7), 1, List.of(plane), List.of(plane), step -> {});
  private final ShardHost shard = run.shards.getFirst();
  private final DataFrames data = new DataFrames(PlanesRun.RUN, run.buckets, 0);
  private final Frames frames = new Frames(UnpooledByteBufAllocator.DEFAULT);
  private final SharedWeights weights = SharedWeights.create(data).orElseThrow();
  private final float[] values = new float[data.mostFloats()];
  private final Worker stopped = new Worker();
  private final Worker other = new Worker();

  /** A worker as its server sees it, and what it has mapped. */
  private final class Worker {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Link link =
        new Link(
            channel, "a worker", null, new TrafficCounters(), Sharing.Kind.WANTED, kind -> true);
    private final WorkerConnection connection =
        new WorkerConnection(link, data, shard, ended -> {});
    private final SharedSlots slots;
    private final int slotCount;
    private final long bit;

    Worker() {
      channel.pipeline().addLast(link);
      connection.begin("a worker");
      link.sharing().admit(PlanesRun.RUN, frames);
      connection.reader(weights.join(link.sharing()).orElseThrow());
      Messages.Share share = offered();
      slotCount = share.slots();
      bit = 1L << share.reader();
      try {
        slots = SharedSlots.open(share);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      channel.writeInbound(frames.shared(PlanesRun.RUN));
    }

    private Messages.Share offered() {
      ByteBuf frame = channel.readOutbound();
      byte[] bytes = RawClient.bytes(frame.skipBytes(FrameHeader.BYTES));
      try {
        return (Messages.Share)
            new Payloads().read(FrameType.SHARE, bytes, bytes.length, "a server");
      } catch (FrameException e) {
        throw new AssertionError(e);
      }
    }

    boolean gets(SharedWeights.Written written) {
      return written.isFor(connection.reader());
    }

    void read(SharedWeights.Written written) {
      FloatBlock block = new FloatBlock();
      block.set(new float[values.length], 0, values.length, GradientFormat.FLOAT32);
      assertThat(slots.holds(written.ticket(), bit, block)).isTrue();
      slots.read(written.ticket(), block);
      assertThat(block.values).isEqualTo(values);
      assertThat(slots.release(written.ticket(), bit)).isTrue();
    }
  }

  @AfterEach
  void close() {
    other.slots.close();
    stopped.slots.close();
    weights.close();
  }

  private SharedWeights.Written write(float value) {
    values[0] = value;
    return weights.write(List.of(stopped.connection, other.connection), values, 0, values.length);
  }

  @Test
  void aWorkerThatReadsNothingLeavesRoomForTheOthers() {
    List<SharedWeights.Written> kept = new ArrayList<>();
    for (int i = 0; i < 3 * other.slotCount; i++) {
      SharedWeights.Written written = write(i);
      assertThat(other.gets(written)).as("bucket %d", i).isTrue();
      other.read(written);
      if (stopped.gets(written)) {
        kept.add(written);
      }
    }
    assertThat(kept).hasSizeBetween(2, other.slotCount / 4 + 1);

    kept.forEach(written -> stopped.slots.release(written.ticket(), stopped.bit));
    assertThat(stopped.gets(write(-1))).as("goes on where it was").isTrue();
  }

  @Test
  void whoHasLeftKeepsNothing() {
    SharedWeights.Written written = write(1);
    weights.leave(stopped.connection.reader());

    assertThat(stopped.slots.release(written.ticket(), stopped.bit)).isFalse();
    other.read(written);
    assertThat(stopped.gets(write(2))).isFalse();
  }
}
