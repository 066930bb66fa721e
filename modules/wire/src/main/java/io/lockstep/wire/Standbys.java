package io.lockstep.wire;

import io.lockstep.training.Endpoint;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.ShardHost;
import io.netty.channel.ChannelFuture;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The connections of this process's standbys with the servers of their shards; thread-safe. */
final class Standbys {

  private final Dialer dialer;
  private final Map<ShardId, DialledLink> links = new ConcurrentHashMap<>();

  Standbys(Dialer dialer) {
    this.dialer = dialer;
  }

  /**
   * Connects a standby; returns when the server has answered.
   *
   * @param name of this node
   * @param number of the standby
   * @throws UncheckedIOException if the server does not answer, or refuses it
   * @throws IllegalStateException if this process has such a standby already
   */
  void connect(RunIdentity run, String name, ShardHost standby, int number, Endpoint server) {
    DialledLink dialled = new DialledLink(dialer.frames(), run);
    ShardId id = ShardId.of(run, standby.number());
    if (links.putIfAbsent(id, dialled) != null) {
      throw new IllegalStateException(
          "this process has a standby of shard %d of %s already".formatted(id.shard(), run));
    }
    DataFrames data = new DataFrames(run, standby.buckets(), standby.number());
    CompletableFuture<Void> welcomed =
        dialer.dial(
            server,
            data,
            Introduction.ofStandby(name, number),
            link -> {
              dialled.set(link);
              return new StandbyConnection(link, data, standby, dialer.frames())::begin;
            });
    try {
      dialer.await(welcomed, server);
    } catch (UncheckedIOException e) {
      links.remove(id, dialled);
      var _ = dialled.leave();
      throw e;
    }
  }

  /** As of {@link io.lockstep.training.DataPlane#unmirror}. */
  CompletableFuture<Void> forsake(RunIdentity run, int shard) {
    DialledLink dialled = links.remove(ShardId.of(run, shard));
    return dialled == null ? CompletableFuture.completedFuture(null) : dialled.forsake();
  }

  /** Ends all of a run's; returns the ends of their connections. */
  List<ChannelFuture> leave(RunIdentity run) {
    return leave(id -> id.runId() == run.runId());
  }

  /** Ends all. */
  List<ChannelFuture> leave() {
    return leave(id -> true);
  }

  private List<ChannelFuture> leave(Predicate<ShardId> which) {
    List<ChannelFuture> ends = new ArrayList<>();
    for (ShardId id : List.copyOf(links.keySet())) {
      DialledLink ended = which.test(id) ? links.remove(id) : null;
      if (ended != null) {
        ended.leave().ifPresent(ends::add);
      }
    }
    return ends;
  }
}
