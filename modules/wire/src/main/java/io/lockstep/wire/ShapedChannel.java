package io.lockstep.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;

/**
 * Stands between the socket of one connection and all else of it: sends and receives as the
 * machine's {@link ShapedNic} allows. What arrives is copied: the connection's buffer is read into
 * again.
 *
 * <p>Belongs to the event loop.
 */
final class ShapedChannel extends ChannelDuplexHandler {

  /** From this on nothing more is chosen to be sent, as when a socket is full. */
  static final int SOCKET_BYTES = Connections.SOCKET_BUFFER_BYTES;

  /** Netty's number of the reason for which it is not writable. */
  private static final int SOCKET_IS_FULL = 1;

  private final ShapedNic nic;
  private final ShapedFlow out = new ShapedFlow(this::tellWhetherWritable);
  private final ShapedFlow in = new ShapedFlow(() -> {});
  private ChannelHandlerContext context;

  ShapedChannel(ShapedNic nic) {
    this.nic = nic;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  private void tellWhetherWritable() {
    ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
    if (buffer != null) { // It is closed otherwise.
      buffer.setUserDefinedWritability(SOCKET_IS_FULL, out.waitingBytes() < SOCKET_BYTES);
    }
  }

  @Override
  public void write(ChannelHandlerContext same, Object message, ChannelPromise promise) {
    ByteBuf frame = (ByteBuf) message;
    while (frame.readableBytes() > nic.turnBytes()) {
      send(frame.readRetainedSlice(nic.turnBytes()), context.voidPromise());
    }
    send(frame, promise);
    tellWhetherWritable();
  }

  private void send(ByteBuf piece, ChannelPromise promise) {
    nic.out()
        .send(
            out,
            piece.readableBytes(),
            () -> {
              var _ = context.writeAndFlush(piece, promise);
            });
  }

  /** Each piece is flushed. */
  @Override
  public void flush(ChannelHandlerContext same) {}

  @Override
  public void channelRead(ChannelHandlerContext same, Object message) {
    ByteBuf received = (ByteBuf) message;
    try {
      while (received.isReadable()) {
        int bytes = Math.min(received.readableBytes(), nic.turnBytes());
        receive(context.alloc().buffer(bytes, bytes).writeBytes(received, bytes));
      }
    } finally {
      received.release();
    }
  }

  private void receive(ByteBuf piece) {
    nic.in()
        .send(
            in,
            piece.readableBytes(),
            () -> {
              context.fireChannelRead(piece);
              context.fireChannelReadComplete();
            });
  }

  /** It follows each piece. */
  @Override
  public void channelReadComplete(ChannelHandlerContext same) {}

  /** What is sent to a connection that has ended is given back by it. */
  @Override
  public void channelInactive(ChannelHandlerContext same) {
    in.deliverAll();
    context.fireChannelInactive();
    out.deliverAll();
  }

  @Override
  public void close(ChannelHandlerContext same, ChannelPromise promise) {
    out.deliverAll();
    var _ = context.close(promise);
  }
}
