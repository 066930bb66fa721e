package io.lockstep.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;

/**
 * Loses all that is sent and received, as if the network were cut. Only the end of a connection is
 * no secret, on either side: by then one of both has given the other up.
 */
final class SilentChannel extends DisturbedChannel {

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    ReferenceCountUtil.release(message);
    promise.trySuccess();
  }

  @Override
  public void flush(ChannelHandlerContext context) {}

  @Override
  void deliverAll(ChannelHandlerContext context) {}
}
