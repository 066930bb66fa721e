package io.lockstep.wire;

import io.lockstep.training.Buckets;
import io.lockstep.training.Endpoint;
import io.lockstep.training.NodeExchange;
import io.lockstep.training.RunIdentity;
import io.netty.channel.ChannelFuture;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * A node's part in a run as a client of its servers: one connection with the server of each shard,
 * and the exchange that they serve.
 *
 * <p>Thread-safe.
 */
final class RunClient {

  private final Dialer dialer;
  private final RunIdentity run;
  private final String name;
  private final Buckets buckets;
  private final WireUplink uplink;
  private final NodeExchange exchange;

  /** By number of shard; null where there is none. */
  private final DialledLink[] links;

  private boolean left;

  /**
   * @param name names this node to the servers
   */
  RunClient(
      Dialer dialer,
      RunIdentity run,
      String name,
      Buckets buckets,
      WireUplink uplink,
      NodeExchange exchange) {
    this.dialer = dialer;
    this.run = run;
    this.name = name;
    this.buckets = buckets;
    this.uplink = uplink;
    this.exchange = exchange;
    this.links = new DialledLink[buckets.shards()];
  }

  NodeExchange exchange() {
    return exchange;
  }

  /**
   * Connects with all servers; returns when each has answered.
   *
   * @param servers by number of shard
   * @throws UncheckedIOException if one does not, or refuses this node
   */
  void connect(List<Endpoint> servers) {
    List<CompletableFuture<Void>> welcomes = new ArrayList<>();
    for (int shard = 0; shard < buckets.shards(); shard++) {
      welcomes.add(dial(shard, servers.get(shard), begin(shard)));
    }
    for (int shard = 0; shard < welcomes.size(); shard++) {
      dialer.await(welcomes.get(shard), servers.get(shard));
    }
  }

  private CompletableFuture<Void> dial(int shard, Endpoint server, DialledLink dialled) {
    DataFrames data = new DataFrames(run, buckets, shard);
    return dialer.dial(
        server,
        data,
        Introduction.ofWorker(name),
        link -> {
          dialled.set(link);
          return () -> {
            Optional<SharedGradients> shared =
                link.sharing().wanted() ? SharedGradients.create(data) : Optional.empty();
            SendQueue queue = dialer.sendQueue(link, shared);
            link.outbox(queue);
            link.admit(
                "server " + shard,
                new ServerConnection(link, data, exchange),
                data.mostPayloadBytes());
            link.sharing().admit(run, dialer.frames());
            shared.ifPresent(gradients -> gradients.offer(link.sharing()));
            uplink.queue(shard, queue);
          };
        });
  }

  /** In place of the connection before, if there is one. */
  private DialledLink begin(int shard) {
    var _ = forsake(shard);
    DialledLink begun = new DialledLink(dialer.frames(), run);
    synchronized (this) {
      links[shard] = begun;
      if (left) {
        var _ = begun.leave();
      }
    }
    return begun;
  }

  /** As of {@link io.lockstep.training.DataPlane#forsake}. */
  CompletableFuture<Void> forsake(int shard) {
    DialledLink before = take(shard);
    return before == null ? CompletableFuture.completedFuture(null) : before.forsake();
  }

  private synchronized DialledLink take(int shard) {
    DialledLink taken = links[shard];
    links[shard] = null;
    return taken;
  }

  /**
   * Connects with another server of a shard, and has replicas give again what it may lack.
   *
   * @throws UncheckedIOException if it does not answer, or refuses this node
   */
  void reconnect(int shard, Endpoint server) {
    DialledLink dialled = begin(shard);
    try {
      dialer.await(dial(shard, server, dialled), server);
    } catch (UncheckedIOException e) {
      var _ = dialled.leave();
      throw e;
    }
    exchange.reconnected(shard);
    if (dialled.broke()) { // This may have been told before the exchange knew of it.
      exchange.lost(shard, "the connection with the server at " + server + " broke at once");
    }
  }

  /** Ends all connections; returns their ends. */
  synchronized List<ChannelFuture> leave() {
    left = true;
    return Stream.of(links)
        .filter(Objects::nonNull)
        .flatMap(link -> link.leave().stream())
        .toList();
  }
}
