package io.lockstep.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.training.GradientFormat;
import io.lockstep.training.ShardHost;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A worker's link, to which a server tells what stands in its memory. */
@EnabledOnOs(OS.LINUX)
class SharingTest implements FrameHandler {

  private static final int FLOATS = 5;
  private static final long WORKER = 1;

  private final Frames frames = new Frames(UnpooledByteBufAllocator.DEFAULT);
  private final SharedSlots server = SharedSlots.create(1, FLOATS).orElseThrow();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Link link =
      new Link(channel, "a server", null, new TrafficCounters(), Sharing.Kind.WANTED, kind -> true);
  private final float[] received = new float[FLOATS];
  private final List<Long> versions = new ArrayList<>();
  private Runnable onceOpen = () -> {};
  private String end = "";

  @BeforeEach
  void share() {
    channel.pipeline().addLast(link);
    link.become(this, Messages.TotalsCodec.MOST_BYTES);
    link.sharing().admit(PlanesRun.RUN, frames);
    channel.writeInbound(frames.message(FrameType.SHARE, PlanesRun.RUN, server.share(0)));
    ByteBuf answer = channel.readOutbound();
    assertThat(answer.release()).isTrue();
  }

  @AfterEach
  void close() {
    channel.close().syncUninterruptibly();
    server.close();
  }

  private long write(float value) {
    float[] values = new float[FLOATS];
    Arrays.fill(values, value);
    long ticket = server.claim();
    server.write(ticket, values, 0, FLOATS, GradientFormat.FLOAT32);
    server.publish(ticket, WORKER);
    return ticket;
  }

  private void tell(long version, long ticket) {
    channel.writeInbound(
        frames.sharedWeights(PlanesRun.RUN, 0, version, ShardHost.NO_PLAN, ticket, FLOATS));
  }

  @Test
  void floatsAreReadWhereTheyStand() {
    tell(1, write(3));
    assertThat(versions).containsExactly(1L);
    assertThat(received).containsOnly(3);
    tell(2, write(4));
    assertThat(versions).containsExactly(1L, 2L);
    assertThat(received).containsOnly(4);
    assertThat(link.ended()).isFalse();
  }

  /** The slot is written for a newcomer with the same number while the worker is at its frame. */
  @Test
  void aWorkerThatIsTakenForGoneHandsOverNothingAndBreaksTheConnection() {
    long ticket = write(3);
    onceOpen =
        () -> {
          server.forget(WORKER);
          assertThat((int) write(4)).isEqualTo((int) ticket);
        };
    tell(1, ticket);

    assertThat(versions).isEmpty();
    assertThat(link.ended()).isTrue();
    assertThat(end).contains("slot of shared memory: expected one that holds this bucket");
  }

  @Override
  public void admit(FrameHeader header, FloatBlock expected) {
    expected.length = FLOATS;
  }

  @Override
  public void open(FrameHeader header, FloatBlock target) {
    target.values = received;
    onceOpen.run();
  }

  @Override
  public void floats(FrameHeader header) {
    versions.add(header.step);
  }

  @Override
  public void message(FrameHeader header, Object payload) {}

  @Override
  public void closed(String why) {
    end = why;
  }
}
