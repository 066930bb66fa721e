package io.lockstep.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * Hands on what is sent and received only after a time, in order. What arrives is copied: the
 * connection's buffer is read into again.
 */
final class DelayedChannel extends DisturbedChannel {

  private final Duration by;
  private final Deque<Runnable> in = new ArrayDeque<>();
  private final Deque<Runnable> out = new ArrayDeque<>();

  DelayedChannel(Duration by) {
    this.by = by;
  }

  private void later(ChannelHandlerContext context, Deque<Runnable> way, Runnable delivery) {
    way.add(delivery);
    var _ = context.executor().schedule(() -> deliver(way), by.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The oldest one, so that the order is kept even where some were delivered early. */
  private static void deliver(Deque<Runnable> way) {
    Runnable delivery = way.poll();
    if (delivery != null) {
      delivery.run();
    }
  }

  private static void deliverAll(Deque<Runnable> way) {
    while (!way.isEmpty()) {
      way.poll().run();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf received = (ByteBuf) message;
    ByteBuf copy = received.copy();
    received.release();
    later(
        context,
        in,
        () -> {
          context.fireChannelRead(copy);
          context.fireChannelReadComplete();
        });
  }

  /** It follows each delivery. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {}

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    later(
        context,
        out,
        () -> {
          var _ = context.writeAndFlush(message, promise);
        });
  }

  /** Each delivery does. */
  @Override
  public void flush(ChannelHandlerContext context) {}

  /** The connection has ended: nothing can be late any more. */
  @Override
  public void channelInactive(ChannelHandlerContext context) {
    deliverAll(in);
    context.fireChannelInactive();
    deliverAll(out);
  }

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    deliverAll(out);
    var _ = context.close(promise);
  }

  @Override
  void deliverAll(ChannelHandlerContext context) {
    deliverAll(in);
    deliverAll(out);
  }
}
