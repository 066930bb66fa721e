package io.lockstep.wire;

import io.lockstep.wire.WireSettings.Transport;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets of the platform: Netty's epoll where it is, with Unix sockets; else the JDK's, with
 * TCP alone. {@code -Dlockstep.wire.transport=nio} asks for the JDK's.
 */
enum Sockets {
  EPOLL {
    @Override
    IoHandlerFactory handlers() {
      return EpollIoHandler.newFactory();
    }

    @Override
    Class<? extends Channel> client(boolean unix) {
      return unix ? EpollDomainSocketChannel.class : EpollSocketChannel.class;
    }

    @Override
    Class<? extends ServerChannel> server(boolean unix) {
      return unix ? EpollServerDomainSocketChannel.class : EpollServerSocketChannel.class;
    }
  },
  NIO {
    @Override
    IoHandlerFactory handlers() {
      return NioIoHandler.newFactory();
    }

    @Override
    Class<? extends Channel> client(boolean unix) {
      return NioSocketChannel.class;
    }

    @Override
    Class<? extends ServerChannel> server(boolean unix) {
      return NioServerSocketChannel.class;
    }
  };

  private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);
  private static final String PROPERTY = "lockstep.wire.transport";

  /** What this machine has. */
  static Sockets select() {
    if ("nio".equals(System.getProperty(PROPERTY))) {
      return NIO;
    }
    if (!Epoll.isAvailable()) {
      LOG.info(
          "data plane: the JDK's sockets, without Unix sockets; epoll is not there: {}",
          String.valueOf(Epoll.unavailabilityCause()));
      return NIO;
    }
    return EPOLL;
  }

  /** Whether peers of the same machine can be reached by Unix sockets. */
  boolean unix() {
    return this == EPOLL;
  }

  /** Refuses what this machine does not have. */
  void check(Transport transport) {
    if (transport == Transport.UNIX && !unix()) {
      throw new IllegalArgumentException(
          "data plane: expected epoll for transport unix, but it is not there; use auto or tcp");
    }
  }

  EventLoopGroup eventLoops(int count) {
    return new MultiThreadIoEventLoopGroup(
        count, new DefaultThreadFactory("lockstep-wire", true), handlers());
  }

  abstract IoHandlerFactory handlers();

  abstract Class<? extends Channel> client(boolean unix);

  abstract Class<? extends ServerChannel> server(boolean unix);
}
