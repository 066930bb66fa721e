package io.lockstep.wire;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Stands between the socket of one connection and all else of it, until its time is over; then the
 * connection is as if it had never been there. There is one at most.
 *
 * <p>Belongs to the connection's event loop.
 */
abstract class DisturbedChannel extends ChannelDuplexHandler {

  private static final String NAME = "disturbed";

  private long untilNanos;
  private Future<?> end;

  /** Takes its place, and that of another one before it. */
  final void join(ChannelPipeline pipeline, long until) {
    untilNanos = until;
    if (pipeline.get(NAME) instanceof DisturbedChannel before) {
      before.leave(pipeline.context(NAME));
    }
    pipeline.addFirst(NAME, this);
  }

  @Override
  public final void handlerAdded(ChannelHandlerContext context) {
    long left = untilNanos - System.nanoTime();
    end = context.executor().schedule(() -> timeIsOver(context), left, TimeUnit.NANOSECONDS);
  }

  @Override
  public final void handlerRemoved(ChannelHandlerContext context) {
    end.cancel(false);
  }

  private void timeIsOver(ChannelHandlerContext context) {
    if (!context.isRemoved()) {
      leave(context);
    }
  }

  private void leave(ChannelHandlerContext context) {
    deliverAll(context);
    context.pipeline().remove(this);
  }

  /** Nothing is kept any more. */
  abstract void deliverAll(ChannelHandlerContext context);
}
