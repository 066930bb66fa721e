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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data plane over sockets: one listening port for each process, and where there are Unix
 * sockets one of these; one connection from every worker process to every shard's server, and from
 * every standby.
 *
 * <p>One for each process; thread-safe; whoever starts it closes it. Its event loops receive,
 * verify, add and update inline.
 */
public final class NettyDataPlane implements DataPlane {

  /** Version of the protocol: peers of another version are refused. */
  public static final int PROTOCOL_VERSION = FrameHeader.PROTOCOL_VERSION;

  private static final Logger LOG = LoggerFactory.getLogger(NettyDataPlane.class);

  /** More than a connection takes to end. */
  private static final long CLOSE_MS = 1_000;

  private final WireSettings settings;
  private final Connections connections;
  private final Frames frames;
  private final Dialer dialer;
  private final ServedShards served = new ServedShards();
  private final Standbys standbys;

  /** One for each node of a run that lives here: most often one, and the run's driver. */
  private final Map<RunIdentity, List<RunClient>> clients = new ConcurrentHashMap<>();

  private final List<Channel> listening = new ArrayList<>();
  private final Optional<UnixSocket> unixSocket;
  private final Endpoint endpoint;

  private NettyDataPlane(WireSettings settings) {
    this.settings = settings;
    this.connections = new Connections(settings);
    this.frames = new Frames(Connections.allocator());
    this.dialer = new Dialer(settings, connections, frames);
    this.standbys = new Standbys(dialer);
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
    served.add(new ServedShard(run, shard, frames));
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
    RunClient client = new RunClient(dialer, run, name, buckets, uplink, exchange);
    clients.computeIfAbsent(run, r -> new CopyOnWriteArrayList<>()).add(client);
    try {
      client.connect(servers);
      return exchange;
    } catch (UncheckedIOException e) {
      clientsOf(run).remove(client);
      client.leave();
      throw e;
    }
  }

  private List<RunClient> clientsOf(RunIdentity run) {
    return clients.getOrDefault(run, List.of());
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
    transfer(run, name, buckets, state, StateTransfer.What.SNAPSHOT, servers);
    return state;
  }

  @Override
  public float[] weights(
      RunIdentity run,
      String name,
      Job job,
      Buckets buckets,
      long version,
      List<Endpoint> servers) {
    float[] theta = new float[buckets.parameters()];
    TrainingState state = new TrainingState(version, new float[][] {theta});
    transfer(run, name, buckets, state, StateTransfer.What.WEIGHTS, servers);
    return theta;
  }

  private void transfer(
      RunIdentity run,
      String name,
      Buckets buckets,
      TrainingState state,
      StateTransfer.What what,
      List<Endpoint> servers) {
    new StateTransfer(dialer, run, name, buckets, state, what).run(servers);
  }

  @Override
  public void restore(
      RunIdentity run,
      String name,
      Job job,
      Buckets buckets,
      TrainingState state,
      List<Endpoint> servers) {
    transfer(run, name, buckets, state, StateTransfer.What.START, servers);
  }

  @Override
  public CompletionStage<Void> forsake(RunIdentity run, int shard) {
    return CompletableFuture.allOf(
        clientsOf(run).stream().map(c -> c.forsake(shard)).toArray(CompletableFuture<?>[]::new));
  }

  @Override
  public void reconnect(RunIdentity run, int shard, Endpoint server) {
    clientsOf(run).forEach(client -> client.reconnect(shard, server));
  }

  @Override
  public void mirror(RunIdentity run, String name, ShardHost standby, int number, Endpoint server) {
    standbys.connect(run, name, standby, number, server);
  }

  @Override
  public CompletionStage<Void> unmirror(RunIdentity run, int shard) {
    return standbys.forsake(run, shard);
  }

  @Override
  public void leave(RunIdentity run) {
    List<ChannelFuture> ends = served.close(run);
    ends.addAll(standbys.leave(run));
    ends.addAll(disconnect(run));
    LOG.debug("data plane: left {} with {} connections", run, ends.size());
  }

  private List<ChannelFuture> disconnect(RunIdentity run) {
    List<RunClient> ended = clients.remove(run);
    return ended == null
        ? List.of()
        : ended.stream().flatMap(client -> client.leave().stream()).toList();
  }

  @Override
  public Traffic traffic() {
    return connections.counters().traffic();
  }

  /** Bytes that peers read in shared memory, of those sent. */
  long bytesShared() {
    return connections.counters().bytesShared();
  }

  /** The threads that read and write. */
  List<Thread> eventLoops() {
    return connections.threads();
  }

  /** For failures that are made on purpose. */
  public ConnectionFaults faults() {
    return connections.faults();
  }

  /** Bytes of direct memory that buffers have, used or kept for use. */
  static long pooledBytes() {
    return Connections.pooledBytes();
  }

  /** A shard of {@code run}, if it is served. */
  Optional<ServedShard> served(RunIdentity run, int shard) {
    return served.get(run, shard);
  }

  /** Ends all runs, connections and threads; the Unix socket is deleted. */
  @Override
  public void close() {
    List<ChannelFuture> ends = served.close();
    ends.addAll(standbys.leave());
    List.copyOf(clients.keySet()).forEach(run -> ends.addAll(disconnect(run)));
    listening.forEach(channel -> ends.add(channel.close()));
    ends.forEach(end -> end.awaitUninterruptibly(CLOSE_MS)); // Else peers would hear no goodbye.
    try {
      connections.close();
    } finally {
      unixSocket.ifPresent(UnixSocket::close);
    }
  }
}
