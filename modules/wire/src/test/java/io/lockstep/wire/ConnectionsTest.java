package io.lockstep.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class ConnectionsTest {

  /** As encryption, which first tells its peer. */
  private static final class Closing extends ChannelDuplexHandler {
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {}
  }

  @Test
  void closesAConnectionWhoseFirstHandlerWouldWait() {
    EmbeddedChannel channel = new EmbeddedChannel(new Closing());

    var _ = Connections.close(channel);
    channel.runPendingTasks();

    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void closesAConnectionThatHasNoHandlersAnyMore() {
    EmbeddedChannel channel = new EmbeddedChannel();
    while (channel.pipeline().firstContext() != null) {
      var _ = channel.pipeline().removeFirst();
    }

    var _ = Connections.close(channel);
    channel.runPendingTasks();

    assertThat(channel.isOpen()).isFalse();
  }
}
