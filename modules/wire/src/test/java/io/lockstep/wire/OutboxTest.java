package io.lockstep.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxTest {

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Link link =
      new Link(channel, "a server", null, new TrafficCounters(), Sharing.Kind.NEVER, kind -> true);

  private static final class Given extends Outbox {
    private final ArrayDeque<Outgoing> frames;

    Given(Link link, List<Outgoing> frames) {
      super(link);
      this.frames = new ArrayDeque<>(frames);
    }

    @Override
    Outgoing next() {
      return frames.poll();
    }

    @Override
    void close() {}
  }

  private static final class NotToBeEncoded implements Outgoing {

    @Override
    public int bytes() {
      return 1;
    }

    @Override
    public ByteBuf encode() {
      throw new IllegalStateException("as a program error would");
    }

    @Override
    public void drop() {}
  }

  /** What waited for company would else stay until something else is sent, which may be never. */
  @Test
  void whatWasWrittenBeforeAFrameThatFailsLeaves() {
    ByteBuf first = Unpooled.buffer(1).writeByte(7);
    Outbox outbox = new Given(link, List.of(new Outgoing.Encoded(first), new NotToBeEncoded()));

    assertThatThrownBy(outbox::drain).hasMessage("as a program error would");

    ByteBuf sent = channel.readOutbound();
    assertThat(sent.readByte()).isEqualTo((byte) 7);
    sent.release();
  }
}
