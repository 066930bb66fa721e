package io.lockstep.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: gives what arrives to its {@link FrameReader}, writes what an {@link Outbox} has,
 * and says once in the log why the connection ended, if nobody wanted that. Who was never let in is
 * in the log once for all of its connections (see {@link Refusals}).
 *
 * <p>Belongs to its event loop, except {@link #execute}, {@link #leave} and {@link #forsake}.
 */
final class Link extends ChannelInboundHandlerAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(Link.class);

  /** What peers may send before they have proved that they know the key. */
  static final int HANDSHAKE_BYTES = FrameEncoder.MESSAGE_BYTES;

  /** Half of a usual second-level cache. */
  static final int RECEIVE_BYTES = 256 * 1024;

  /** A peer that takes nothing does not keep a connection from being closed. */
  private static final long GOODBYE_MS = 500;

  private final Channel channel;
  private final ReceiveBuffer receiveBuffer;
  private final TrafficCounters counters;
  private final FrameReader reader;
  private final Sharing sharing;
  private final Predicate<String> isNews;
  private String peer;
  private Outbox outbox;
  private String why = "closed by the peer";
  private boolean admitted;
  private boolean ended;
  private boolean endTold;
  private boolean forsaken;
  private volatile boolean wanted;

  /**
   * @param peer names the other side until it has said its name
   * @param receiveBuffer null if the channel uses Netty's own
   * @param kind whether memory is shared with the peer
   * @param isNews whether a kind of end is to be logged, if it comes before the handshake is done
   */
  Link(
      Channel channel,
      String peer,
      ReceiveBuffer receiveBuffer,
      TrafficCounters counters,
      Sharing.Kind kind,
      Predicate<String> isNews) {
    this.channel = channel;
    this.peer = peer;
    this.receiveBuffer = receiveBuffer;
    this.counters = counters;
    this.isNews = isNews;
    this.sharing = new Sharing(this, kind);
    this.reader = new FrameReader(sharing);
  }

  String peer() {
    return peer;
  }

  /** From the next frame on {@code handler} gets them. */
  void become(FrameHandler handler, int mostPayloadBytes) {
    reader.become(peer, handler, mostPayloadBytes);
  }

  /** The handshake is done: the peer has a name, and may send as much as it can. */
  void admit(String name, FrameHandler handler, int mostPayloadBytes) {
    admitted = true;
    peer = name + " (" + peer + ")";
    become(handler, mostPayloadBytes);
    if (receiveBuffer != null) {
      receiveBuffer.resize(RECEIVE_BYTES);
    }
  }

  /** What is shared with the peer; on the event loop. */
  Sharing sharing() {
    return sharing;
  }

  /** What is to be sent from now on. */
  void outbox(Outbox outbox) {
    this.outbox = outbox;
  }

  boolean inEventLoop() {
    return channel.eventLoop().inEventLoop();
  }

  /** Runs {@code task} on the event loop, soon; from any thread. */
  void execute(Runnable task) {
    channel.eventLoop().execute(task);
  }

  /** Runs {@code task} on the event loop unless the connection ends before. */
  void schedule(Runnable task, long delayMs) {
    var timeout = channel.eventLoop().schedule(task, delayMs, TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(closed -> timeout.cancel(false));
  }

  /** Puts {@code disturbed} before the socket; on the event loop. */
  void disturb(DisturbedChannel disturbed, long untilNanos) {
    if (channel.isActive()) {
      disturbed.join(channel.pipeline(), untilNanos);
    }
  }

  /** Whether more may be written without piling up. */
  boolean writable() {
    return channel.isWritable();
  }

  /** Whether the connection is no more; from any thread. */
  boolean ended() {
    return !channel.isOpen();
  }

  /** Writes a frame, which is taken over; it leaves with the next {@link #flush}. */
  void write(ByteBuf frame) {
    counters.sent(frame.readableBytes());
    var _ = channel.write(frame, channel.voidPromise()); // What fails reaches exceptionCaught.
  }

  /** As {@link #write(ByteBuf)}. */
  void write(Outgoing frame) {
    counters.shared(frame.sharedBytes());
    write(frame.encode());
  }

  void flush() {
    channel.flush();
  }

  /** Ends the connection because of what the peer did. */
  void fail(IOException cause) {
    if (!ended) {
      end(kind(cause), cause.getMessage());
      closeNow(); // Its end is told by channelInactive.
    }
  }

  /** As {@link #fail}, but sends a last frame. */
  void fail(IOException cause, ByteBuf last) {
    end(kind(cause), cause.getMessage());
    counters.sent(last.readableBytes());
    channel.writeAndFlush(last).addListener(ChannelFutureListener.CLOSE);
    schedule(this::closeNow, GOODBYE_MS); // It may not read.
  }

  /**
   * Ends the connection because it is no longer needed, and says so; from any thread.
   *
   * @return done when it has ended, at the latest after {@value #GOODBYE_MS} ms
   */
  ChannelFuture leave(ByteBuf goodbye) {
    expectEnd();
    counters.sent(goodbye.readableBytes());
    channel.writeAndFlush(goodbye).addListener(ChannelFutureListener.CLOSE);
    execute(() -> schedule(this::closeNow, GOODBYE_MS));
    return channel.closeFuture();
  }

  /**
   * Lets go of the peer, which may be gone: of what it has sent nothing has an effect any more, not
   * even the rest of a frame; from any thread.
   *
   * @param goodbye is sent if the peer is still there
   * @return done when that is so, and the handler has been told of the end
   */
  CompletableFuture<Void> forsake(ByteBuf goodbye) {
    return CompletableFuture.runAsync(
        () -> {
          forsaken = true;
          expectEnd();
          end("forsaken", "this side has let go of it");
          tellEnd();
          var _ = leave(goodbye);
        },
        this::execute);
  }

  /** Whether this side has let go of the peer. */
  boolean isForsaken() {
    return forsaken;
  }

  private void closeNow() {
    var _ = channel.close();
  }

  /** The peer has said that it leaves: the end is no news for the log. */
  void expectEnd() {
    wanted = true;
  }

  /** Whether one of both sides has said that it leaves. */
  boolean endIsExpected() {
    return wanted;
  }

  private static String kind(IOException cause) {
    return cause.getClass().getName();
  }

  private void end(String kind, String reason) {
    if (!ended) {
      ended = true;
      why = reason;
      if (!wanted && (admitted || isNews.test(kind))) {
        LOG.warn("connection with {} ended: {}", peer, why);
      }
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    reader.handler().opened();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (!ended) {
        long frames = reader.frames();
        long bytes = in.readableBytes() - sharing.sharedBytes();
        reader.read(in);
        counters.received(reader.frames() - frames, bytes + sharing.sharedBytes());
      }
    } catch (FrameException e) {
      fail(e);
    } finally {
      in.release();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (outbox != null && channel.isWritable()) {
      outbox.drain();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end("closed", why);
    tellEnd();
  }

  private void tellEnd() {
    if (endTold) {
      return;
    }
    endTold = true;
    if (outbox != null) {
      outbox.close();
    }
    sharing.close();
    reader.handler().closed(why);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (receiveBuffer != null) {
      receiveBuffer.close();
    }
  }

  /** The network failed, or a program error: the latter with its stack, for a person must look. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
    Throwable cause = thrown instanceof DecoderException ? thrown.getCause() : thrown;
    switch (cause) {
      case ClosedChannelException closed -> fail(new IOException("closed while it was written to"));
      case NotSslRecordException plain ->
          fail(new FrameException.Unexpected(peer, "connection", "TLS", "plain bytes"));
      case IOException failure -> fail(failure);
      default -> {
        LOG.error("connection with {}: program error", peer, cause);
        fail(new IOException("program error " + cause, cause));
      }
    }
  }
}
