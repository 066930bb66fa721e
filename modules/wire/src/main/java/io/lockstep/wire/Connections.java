package io.lockstep.wire;

import io.lockstep.training.Endpoint;
import io.lockstep.wire.WireSettings.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import javax.net.ssl.SSLEngine;

/**
 * Opens sockets, and makes a {@link Link} of each connection. Owns the event loops and the buffers.
 * Thread-safe.
 */
final class Connections implements AutoCloseable {

  /** That a socket may hold each way. */
  static final int SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;

  /** A few frames: what is written is no longer put aside for something newer. */
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(512 * 1024, 1024 * 1024);

  private static final int PAGE_BYTES = 8192;

  /** Chunks of 16 MiB: buckets of several MiB are still pooled. */
  private static final int CHUNK_ORDER = 11;

  /**
   * Frames are made by compute threads and freed by event loops: thread caches are of no use. One
   * for the process, since each thread that has ever used an allocator keeps its chunks.
   */
  private static final PooledByteBufAllocator ALLOCATOR =
      new PooledByteBufAllocator(true, 0, 2, PAGE_BYTES, CHUNK_ORDER, 0, 0, false);

  private static final long CLOSE_SECONDS = 5;

  private final WireSettings settings;
  private final Sockets sockets;
  private final EventLoopGroup loops;
  private final Optional<ShapedNic> nic;
  private final TrafficCounters counters = new TrafficCounters();
  private final ConnectionFaults faults = new ConnectionFaults();

  /** Who was not let in yet is among them. */
  private final ChannelGroup open = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);

  private final Refusals refusals = new Refusals(System::nanoTime);

  Connections(WireSettings settings) {
    this.settings = settings;
    this.sockets = Sockets.select();
    sockets.check(settings.transport());
    this.loops = sockets.eventLoops(settings.eventLoops());
    this.nic = settings.shape().map(shape -> new ShapedNic(loops.next(), shape));
  }

  static ByteBufAllocator allocator() {
    return ALLOCATOR;
  }

  /** Bytes of all buffers of the process, used or kept for use. */
  static long pooledBytes() {
    return ALLOCATOR.metric().usedDirectMemory();
  }

  TrafficCounters counters() {
    return counters;
  }

  ConnectionFaults faults() {
    return faults;
  }

  /** Whether a Unix socket is to be opened beside the port. */
  boolean unix() {
    return sockets.unix() && settings.transport() != Transport.TCP;
  }

  /** Listens at the settings' address. */
  Channel listen(Function<Link, FrameHandler> first) {
    ServerBootstrap bootstrap = server(false, first);
    bootstrap
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.SO_KEEPALIVE, true);
    return opened(bootstrap.bind(settings.bindHost(), settings.port()));
  }

  /** Listens at a Unix socket. */
  Channel listen(Path path, Function<Link, FrameHandler> first) {
    return opened(server(true, first).bind(new DomainSocketAddress(path.toFile())));
  }

  private ServerBootstrap server(boolean unix, Function<Link, FrameHandler> first) {
    return new ServerBootstrap()
        .group(loops)
        .channel(sockets.server(unix))
        .childHandler(new Initializer(unix, false, "", first))
        .childOption(ChannelOption.ALLOCATOR, ALLOCATOR)
        .childOption(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
  }

  private static Channel opened(ChannelFuture future) {
    return future.syncUninterruptibly().channel();
  }

  /**
   * Connects with a server; by its Unix socket if it has one on this machine and the settings
   * allow.
   *
   * @param first gets the frames of the connection
   * @return fails if no connection comes about
   */
  CompletableFuture<Channel> connect(Endpoint server, Function<Link, FrameHandler> first) {
    boolean here =
        server.machine().equals(Machine.identity())
            && !server.socketPath().isEmpty()
            && Files.exists(Path.of(server.socketPath()));
    return switch (settings.transport()) {
      case TCP -> tcp(server, first);
      case UNIX -> here ? unix(server, first) : noUnixSocket(server);
      case AUTO ->
          here && sockets.unix()
              ? unix(server, first).exceptionallyCompose(failed -> tcp(server, first))
              : tcp(server, first);
    };
  }

  private static CompletableFuture<Channel> noUnixSocket(Endpoint server) {
    return CompletableFuture.failedFuture(
        new IOException(
            "transport unix: expected a Unix socket on this machine, found none of "
                + server
                + "; use auto or tcp"));
  }

  private CompletableFuture<Channel> tcp(Endpoint server, Function<Link, FrameHandler> first) {
    SocketAddress address = new InetSocketAddress(server.host(), server.port());
    return completion(
        client(false, server.toString(), first)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
            .connect(address));
  }

  private CompletableFuture<Channel> unix(Endpoint server, Function<Link, FrameHandler> first) {
    String peer = "unix socket of " + server;
    return completion(
        client(true, peer, first).connect(new DomainSocketAddress(server.socketPath())));
  }

  private Bootstrap client(boolean unix, String peer, Function<Link, FrameHandler> first) {
    return new Bootstrap()
        .group(loops)
        .channel(sockets.client(unix))
        .handler(new Initializer(unix, true, peer, first))
        .option(ChannelOption.ALLOCATOR, ALLOCATOR)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(settings.patienceMs()))
        .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
  }

  private static CompletableFuture<Channel> completion(ChannelFuture future) {
    CompletableFuture<Channel> completion = new CompletableFuture<>();
    future.addListener(
        done -> {
          if (done.isSuccess()) {
            completion.complete(future.channel());
          } else {
            completion.completeExceptionally(done.cause());
          }
        });
    return completion;
  }

  /** Those of all event loops. */
  List<Thread> threads() {
    return StreamSupport.stream(loops.spliterator(), false)
        .map(loop -> loop.submit(Thread::currentThread).syncUninterruptibly().getNow())
        .toList();
  }

  /** Ends all connections, then all event loops. */
  @Override
  public void close() {
    closeOpen();
    boolean ended =
        loops
            .shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
            .awaitUninterruptibly(2 * CLOSE_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      throw new IllegalStateException(
          "data plane: event loops did not end within " + 2 * CLOSE_SECONDS + " s");
    }
  }

  /**
   * A loop that is told to end may do so before it has closed its connections, with what they had
   * received. Encryption is passed over: it would wait for a peer that is still to answer.
   */
  private void closeOpen() {
    List<ChannelFuture> ends = open.stream().map(Connections::close).toList();
    ends.forEach(end -> end.awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS));
  }

  /** One that ends by itself at this moment has no handlers any more. */
  static ChannelFuture close(Channel channel) {
    ChannelHandlerContext first = channel.pipeline().firstContext();
    return first == null ? channel.close() : first.close();
  }

  /** Sets up a connection: encryption if asked for, the buffer it reads into, and its link. */
  private final class Initializer extends ChannelInitializer<Channel> {

    private final boolean unix;
    private final boolean client;
    private final String peer;
    private final Function<Link, FrameHandler> first;

    Initializer(boolean unix, boolean client, String peer, Function<Link, FrameHandler> first) {
      this.unix = unix;
      this.client = client;
      this.peer = peer;
      this.first = first;
    }

    @Override
    protected void initChannel(Channel channel) {
      open.add(channel);
      nic.ifPresent(shared -> channel.pipeline().addLast(new ShapedChannel(shared)));
      boolean encrypted = settings.tls().isPresent() && !unix;
      ReceiveBuffer buffer = null;
      if (encrypted) {
        channel.pipeline().addLast(encryption());
      } else {
        buffer = new ReceiveBuffer(ALLOCATOR, FrameHeader.BYTES + Link.HANDSHAKE_BYTES);
        channel.config().setRecvByteBufAllocator(buffer);
      }
      Link link =
          client
              ? new Link(channel, peer, buffer, counters, sharing(), kind -> true)
              : new Link(channel, describe(channel), buffer, counters, sharing(), news(channel));
      link.become(first.apply(link), Link.HANDSHAKE_BYTES);
      channel.pipeline().addLast(link);
      faults.opened(channel, link);
    }

    private Sharing.Kind sharing() {
      if (!unix) {
        return Sharing.Kind.NEVER;
      }
      return settings.transport() == Transport.AUTO ? Sharing.Kind.WANTED : Sharing.Kind.UNWANTED;
    }

    private SslHandler encryption() {
      SSLEngine engine = settings.tls().orElseThrow().createSSLEngine();
      engine.setUseClientMode(client);
      if (!client) {
        engine.setNeedClientAuth(true);
      }
      SslHandler handler = new SslHandler(engine);
      handler.setHandshakeTimeoutMillis(settings.patienceMs());
      return handler;
    }

    private Predicate<String> news(Channel channel) {
      String host = host(channel);
      return kind -> refusals.isNews(host, kind);
    }

    private String describe(Channel channel) {
      return channel.remoteAddress() instanceof InetSocketAddress address
          ? host(channel) + ":" + address.getPort()
          : host(channel);
    }

    private static String host(Channel channel) {
      return channel.remoteAddress() instanceof InetSocketAddress address
          ? address.getAddress().getHostAddress()
          : "a process at the unix socket";
    }
  }
}
