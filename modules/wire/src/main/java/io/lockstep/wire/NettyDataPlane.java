package io.lockstep.wire;

import io.lockstep.kernels.Kernels;
import io.lockstep.training.Buckets;
import io.lockstep.training.DataPlane;
import io.lockstep.training.Endpoint;
import io.lockstep.training.Job;
import io.lockstep.training.NodeExchange;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.ShardHost;
import io.lockstep.training.Theta;
import io.lockstep.training.TrainingState;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data plane over sockets: one listening port for each process, and where there are Unix
 * sockets one of these; one connection from every worker process to every parameter server.
 *
 * <p>One for each process; thread-safe; whoever starts it closes it. Its event loops receive,
 * verify, add and update inline.
 */
public final class NettyDataPlane implements DataPlane {

  /** Version of the protocol: peers of another version are refused. */
  public static final int PROTOCOL_VERSION = FrameHeader.PROTOCOL_VERSION;

  private static final Logger LOG = LoggerFactory.getLogger(NettyDataPlane.class);

  /** What waits for one server at most before a compute thread waits, too. */
  private static final long SEND_QUEUE_BYTES = 64L * 1024 * 1024;

  /** More than a connection takes to end. */
  private static final long CLOSE_MS = 1_000;

  /** For the state of a shard to travel. */
  private static final long STATE_SECONDS = 600;

  private final WireSettings settings;
  private final Connections connections;
  private final Frames frames;
  private final Map<Long, ServedRun> served = new ConcurrentHashMap<>();
  private final Map<RunIdentity, List<Link>> links = new ConcurrentHashMap<>();
  private final List<Channel> listening = new ArrayList<>();
  private final Optional<UnixSocket> unixSocket;
  private final Endpoint endpoint;

  private NettyDataPlane(WireSettings settings) {
    this.settings = settings;
    this.connections = new Connections(settings);
    this.frames = new Frames(connections.allocator());
    this.unixSocket = unixSocket(connections);
    try {
      this.endpoint = listen();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    LOG.info("data plane: {}", endpoint);
  }

  /** Without the place of its Unix socket there is no data plane: nothing stays open then. */
  private static Optional<UnixSocket> unixSocket(Connections connections) {
    try {
      return connections.unix() ? Optional.of(UnixSocket.create()) : Optional.empty();
    } catch (RuntimeException e) {
      connections.close();
      throw e;
    }
  }

  /**
   * Listens as the settings say.
   *
   * @throws UncheckedIOException if the address cannot be bound to
   */
  public static NettyDataPlane start(WireSettings settings) {
    return new NettyDataPlane(settings);
  }

  private Endpoint listen() {
    Function<Link, FrameHandler> handshake =
        link -> new ServerHandshake(link, settings.key(), frames, served, settings.patienceMs());
    try {
      listening.add(connections.listen(handshake));
      unixSocket.ifPresent(s -> listening.add(connections.listen(s.path(), handshake)));
    } catch (Exception e) { // Netty throws the checked cause unchecked.
      throw new UncheckedIOException(
          "data plane: cannot listen at %s:%d: %s; choose another address or port"
              .formatted(settings.bindHost(), settings.port(), e.getMessage()),
          e instanceof IOException io ? io : new IOException(e));
    }
    int port = ((InetSocketAddress) listening.getFirst().localAddress()).getPort();
    return new Endpoint(
        settings.advertisedHost().isEmpty() ? settings.bindHost() : settings.advertisedHost(),
        settings.advertisedPort() == 0 ? port : settings.advertisedPort(),
        unixSocket.map(s -> s.path().toString()).orElse(""),
        Machine.identity());
  }

  @Override
  public Endpoint endpoint() {
    return endpoint;
  }

  @Override
  public Theta theta(Buckets buckets, int shard) {
    int first = buckets.firstBucket(shard);
    int end = buckets.firstBucket(shard + 1);
    return first == end
        ? new Theta(0, 0)
        : new Theta(buckets.from(first), buckets.to(end - 1) - buckets.from(first));
  }

  @Override
  public void serve(RunIdentity run, ShardHost shard) {
    ServedRun added = new ServedRun(run, shard, frames);
    if (served.putIfAbsent(run.runId(), added) != null) {
      added.close();
      throw new IllegalStateException(run + " is served by this process already");
    }
  }

  @Override
  public NodeExchange connect(
      RunIdentity run,
      String name,
      Job job,
      Buckets buckets,
      Kernels kernels,
      int node,
      int slots,
      List<Endpoint> servers) {
    WireUplink uplink = new WireUplink(run, buckets, job.gradients(), frames);
    Theta theta = new Theta(0, buckets.parameters());
    NodeExchange exchange = new NodeExchange(job, buckets, kernels, theta, node, slots, uplink);
    List<CompletableFuture<Void>> welcomes = new ArrayList<>();
    for (int shard = 0; shard < buckets.shards(); shard++) {
      DataFrames data = new DataFrames(run, buckets, shard);
      welcomes.add(connect(servers.get(shard), name, data, uplink, exchange));
    }
    try {
      for (int shard = 0; shard < welcomes.size(); shard++) {
        await(welcomes.get(shard), servers.get(shard));
      }
      return exchange;
    } catch (UncheckedIOException e) {
      disconnect(run);
      throw e;
    }
  }

  private CompletableFuture<Void> connect(
      Endpoint server, String name, DataFrames data, WireUplink uplink, NodeExchange exchange) {
    CompletableFuture<Void> welcomed = new CompletableFuture<>();
    Function<Link, FrameHandler> handshake =
        link -> {
          links.computeIfAbsent(data.run(), r -> new CopyOnWriteArrayList<>()).add(link);
          SendQueue queue = new SendQueue(link, SEND_QUEUE_BYTES, settings.patienceMs());
          Runnable admitted =
              () -> {
                uplink.queue(data.shard(), queue);
                link.outbox(queue);
                link.admit(
                    "server " + data.shard(),
                    new ServerConnection(link, data, exchange),
                    data.mostPayloadBytes());
              };
          return new ClientHandshake(
              link, settings.key(), frames, data.run(), name, FrameType.HELLO, admitted, welcomed);
        };
    return connections.connect(server, handshake).thenCompose(channel -> welcomed);
  }

  private void await(CompletableFuture<Void> welcomed, Endpoint server) {
    String what = "data plane: cannot connect to the parameter server at " + server + ": ";
    try {
      welcomed.get(settings.patienceMs(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new UncheckedIOException(what + cause.getMessage(), new IOException(cause));
    } catch (TimeoutException e) {
      String expected = "expected an answer within " + settings.patienceMs() + " ms, found none";
      throw new UncheckedIOException(what + expected, new IOException(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(what + "interrupted", new IOException(e));
    }
  }

  @Override
  public TrainingState fetch(
      RunIdentity run,
      String name,
      Job job,
      Buckets buckets,
      long version,
      List<Endpoint> servers) {
    TrainingState state = TrainingState.empty(job, version);
    transfer(run, name, buckets, state, true, servers);
    return state;
  }

  @Override
  public void restore(
      RunIdentity run,
      String name,
      Job job,
      Buckets buckets,
      TrainingState state,
      List<Endpoint> servers) {
    transfer(run, name, buckets, state, false, servers);
  }

  /** From or to all shards at once, over connections of its own. */
  private void transfer(
      RunIdentity run,
      String name,
      Buckets buckets,
      TrainingState state,
      boolean fetches,
      List<Endpoint> servers) {
    List<Link> opened = new CopyOnWriteArrayList<>();
    List<CompletableFuture<Void>> parts = new ArrayList<>();
    for (int shard = 0; shard < buckets.shards(); shard++) {
      DataFrames data = new DataFrames(run, buckets, shard);
      CompletableFuture<Void> done = new CompletableFuture<>();
      CompletableFuture<Void> welcomed = new CompletableFuture<>();
      Function<Link, FrameHandler> handshake =
          link -> {
            opened.add(link);
            StateClient client = new StateClient(link, data, frames, state, fetches, done);
            return new ClientHandshake(
                link, settings.key(), frames, run, name, FrameType.KEEPER, client::begin, welcomed);
          };
      parts.add(
          connections
              .connect(servers.get(shard), handshake)
              .thenCompose(channel -> welcomed)
              .thenCompose(welcome -> done));
    }
    try {
      for (int shard = 0; shard < parts.size(); shard++) {
        awaitState(parts.get(shard), servers.get(shard));
      }
    } finally {
      List<ChannelFuture> ends =
          opened.stream().map(link -> link.leave(frames.goodbye(run))).toList();
      LOG.debug("data plane: state of {} went over {} connections", run, ends.size());
    }
  }

  private static void awaitState(CompletableFuture<Void> part, Endpoint server) {
    String what = "data plane: no state came through with the parameter server at " + server + ": ";
    try {
      part.get(STATE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new UncheckedIOException(what + e.getCause().getMessage(), new IOException(e));
    } catch (TimeoutException e) {
      throw new UncheckedIOException(
          what + "not within " + STATE_SECONDS + " s", new IOException(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(what + "interrupted", new IOException(e));
    }
  }

  @Override
  public void leave(RunIdentity run) {
    ServedRun left = served.remove(run.runId());
    List<ChannelFuture> ends = new ArrayList<>(left == null ? List.of() : left.close());
    ends.addAll(disconnect(run));
    LOG.debug("data plane: left {} with {} connections", run, ends.size());
  }

  private List<ChannelFuture> disconnect(RunIdentity run) {
    List<Link> ended = links.remove(run);
    return ended == null
        ? List.of()
        : ended.stream().map(link -> link.leave(frames.goodbye(run))).toList();
  }

  @Override
  public Traffic traffic() {
    return connections.counters().traffic();
  }

  /** Bytes of direct memory that buffers have, used or kept for use. */
  long pooledBytes() {
    return connections.pooledBytes();
  }

  /** What is served of {@code run}. */
  Optional<ServedRun> served(RunIdentity run) {
    return Optional.ofNullable(served.get(run.runId()));
  }

  /** Ends all runs, connections and threads; the Unix socket is deleted. */
  @Override
  public void close() {
    List<ChannelFuture> ends = new ArrayList<>();
    served.values().forEach(run -> ends.addAll(run.close()));
    List.copyOf(links.keySet()).forEach(run -> ends.addAll(disconnect(run)));
    listening.forEach(channel -> ends.add(channel.close()));
    ends.forEach(end -> end.awaitUninterruptibly(CLOSE_MS)); // Else peers would hear no goodbye.
    try {
      connections.close();
    } finally {
      unixSocket.ifPresent(UnixSocket::close);
    }
  }
}
