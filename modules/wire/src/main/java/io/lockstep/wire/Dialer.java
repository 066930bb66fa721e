package io.lockstep.wire;

import io.lockstep.training.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Connects with the servers of shards, and has them let this node in; thread-safe. */
final class Dialer {

  /** What waits for one server at most before a compute thread waits, too. */
  private static final long SEND_QUEUE_BYTES = 64L * 1024 * 1024;

  private final WireSettings settings;
  private final Connections connections;
  private final Frames frames;

  Dialer(WireSettings settings, Connections connections, Frames frames) {
    this.settings = settings;
    this.connections = connections;
    this.frames = frames;
  }

  Frames frames() {
    return frames;
  }

  /** A queue for what a worker gives to a server. */
  SendQueue sendQueue(Link link, Optional<SharedGradients> shared) {
    return new SendQueue(link, shared, SEND_QUEUE_BYTES, settings.patienceMs());
  }

  /**
   * Connects with a server.
   *
   * @param data what the connection is about
   * @param client how this node introduces itself
   * @param dialled given the connection as soon as there is one; what it returns is run by the
   *     event loop when the server has let this node in, and makes the link ready
   * @return done after that; fails with the reason otherwise
   */
  CompletableFuture<Void> dial(
      Endpoint server, DataFrames data, Introduction client, Function<Link, Runnable> dialled) {
    CompletableFuture<Void> welcomed = new CompletableFuture<>();
    Function<Link, FrameHandler> handshake =
        link ->
            new ClientHandshake(
                link, settings.key(), frames, data, client, dialled.apply(link), welcomed);
    return connections.connect(server, handshake).thenCompose(channel -> welcomed);
  }

  /**
   * Waits for {@link #dial}, not for ever.
   *
   * @throws UncheckedIOException if it has failed, or takes too long; names the server
   */
  void await(CompletableFuture<Void> welcomed, Endpoint server) {
    await(
        welcomed,
        "data plane: cannot connect to the parameter server at " + server + ": ",
        settings.patienceMs());
  }

  /**
   * Waits for something that comes over a connection.
   *
   * @param what fails, for the message
   * @throws UncheckedIOException if it has failed, or takes longer than {@code limitMs}
   */
  static void await(CompletableFuture<Void> done, String what, long limitMs) {
    try {
      done.get(limitMs, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new UncheckedIOException(what + cause.getMessage(), new IOException(cause));
    } catch (TimeoutException e) {
      String expected = "expected an answer within " + limitMs + " ms, found none";
      throw new UncheckedIOException(what + expected, new IOException(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(what + "interrupted", new IOException(e));
    }
  }
}
