package io.lockstep.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How the data plane of a process is reached and reaches others.
 *
 * @param bindHost address to listen at
 * @param port port to listen at; 0 for a free one
 * @param advertisedHost where others reach this process, where that differs; else empty
 * @param advertisedPort likewise; else 0
 * @param transport how peers are reached
 * @param key proves to each other that peers belong together
 * @param tls encrypts TCP connections, both sides with certificates; Unix sockets never leave the
 *     machine and are not encrypted
 * @param eventLoops threads that read and write
 * @param patienceMs bound of a handshake, and of the time that a peer takes nothing
 * @param shape of the network that is emulated; one event loop and TCP alone go with it
 */
public record WireSettings(
    String bindHost,
    int port,
    String advertisedHost,
    int advertisedPort,
    Transport transport,
    SharedKey key,
    Optional<SSLContext> tls,
    int eventLoops,
    long patienceMs,
    Optional<LinkShape> shape) {

  /** Bound of a handshake, and of the time that a peer takes nothing. */
  public static final long DEFAULT_PATIENCE_MS = 10_000;

  private static final int MOST_EVENT_LOOPS = 4;

  /** How a peer is reached. */
  public enum Transport {
    /** By shared memory and its Unix socket where it is on the same machine, else by TCP. */
    AUTO,
    /** By TCP. */
    TCP,
    /** By its Unix socket alone. */
    UNIX
  }

  /** Checks what can be checked before anything is opened. */
  public WireSettings {
    boolean loopback = isLoopback(bindHost);
    if (key.isNone() && !loopback) {
      throw new IllegalArgumentException(
          "data plane: expected a key, since "
              + bindHost
              + " is reached from other machines, but found none; make one with `lockstep key`,"
              + " or bind to 127.0.0.1");
    }
    if (advertisedHost.isEmpty() && address(bindHost).isAnyLocalAddress()) {
      throw new IllegalArgumentException(
          "data plane: expected an advertised address beside "
              + bindHost
              + ", which tells others nothing, but found none");
    }
    if (eventLoops < 1 || patienceMs < 1) {
      throw new IllegalArgumentException(
          "data plane: expected at least 1 event loop and 1 ms of patience, found "
              + eventLoops
              + " and "
              + patienceMs);
    }
    if (shape.isPresent() && (transport != Transport.TCP || eventLoops != 1)) {
      throw new IllegalArgumentException(
          "data plane: expected tcp and 1 event loop for a shaped link, found "
              + transport
              + " and "
              + eventLoops);
    }
  }

  /** For processes of one machine: a free port of loopback, Unix sockets where there are any. */
  public static WireSettings loopback(SharedKey key) {
    int cores = Runtime.getRuntime().availableProcessors();
    return new WireSettings(
        "127.0.0.1",
        0,
        "",
        0,
        Transport.AUTO,
        key,
        Optional.empty(),
        Math.clamp(cores / 2, 1, MOST_EVENT_LOOPS),
        DEFAULT_PATIENCE_MS,
        Optional.empty());
  }

  /** These settings with another address to listen at. */
  public WireSettings bindTo(String host, int atPort) {
    return new WireSettings(
        host,
        atPort,
        advertisedHost,
        advertisedPort,
        transport,
        key,
        tls,
        eventLoops,
        patienceMs,
        shape);
  }

  /** These settings with another address for others. */
  public WireSettings advertise(String host, int atPort) {
    return new WireSettings(
        bindHost, port, host, atPort, transport, key, tls, eventLoops, patienceMs, shape);
  }

  /** These settings with another transport. */
  public WireSettings by(Transport other) {
    return new WireSettings(
        bindHost,
        port,
        advertisedHost,
        advertisedPort,
        other,
        key,
        tls,
        eventLoops,
        patienceMs,
        shape);
  }

  /** These settings with encrypted TCP connections. */
  public WireSettings encrypted(SSLContext context) {
    return new WireSettings(
        bindHost,
        port,
        advertisedHost,
        advertisedPort,
        transport,
        key,
        Optional.of(context),
        eventLoops,
        patienceMs,
        shape);
  }

  /** These settings with another patience. */
  public WireSettings patience(long ms) {
    return new WireSettings(
        bindHost, port, advertisedHost, advertisedPort, transport, key, tls, eventLoops, ms, shape);
  }

  /** These settings with a network that is emulated: one event loop, and TCP alone. */
  public WireSettings shaped(LinkShape link) {
    return new WireSettings(
        bindHost,
        port,
        advertisedHost,
        advertisedPort,
        Transport.TCP,
        key,
        tls,
        1,
        patienceMs,
        Optional.of(link));
  }

  private static boolean isLoopback(String host) {
    return address(host).isLoopbackAddress();
  }

  private static InetAddress address(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "data plane: expected an address of this machine to bind to, found " + host, e);
    }
  }
}
