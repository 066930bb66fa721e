package io.lockstep.wire;

import io.lockstep.training.Buckets;
import io.lockstep.training.Endpoint;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.TrainingState;
import io.netty.channel.ChannelFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a state between whoever keeps a run's checkpoints and all of its shards at once, over
 * connections of its own.
 *
 * @param name of this node
 * @param state filled, or given
 * @param what of it travels, and which way
 */
record StateTransfer(
    Dialer dialer, RunIdentity run, String name, Buckets buckets, TrainingState state, What what) {

  /** What travels. */
  enum What {
    /** The snapshot that a shard has, to here. */
    SNAPSHOT,
    /** The weights alone, to here. */
    WEIGHTS,
    /** The state that a shard starts from, from here. */
    START
  }

  private static final Logger LOG = LoggerFactory.getLogger(StateTransfer.class);

  private static final long LIMIT_MS = TimeUnit.MINUTES.toMillis(10);

  /**
   * Returns when all of it is here, or there.
   *
   * @param servers by number of shard
   * @throws java.io.UncheckedIOException if a server does not take part
   */
  void run(List<Endpoint> servers) {
    List<Link> opened = new CopyOnWriteArrayList<>();
    List<CompletableFuture<Void>> parts = new ArrayList<>();
    for (int shard = 0; shard < buckets.shards(); shard++) {
      parts.add(part(shard, servers.get(shard), opened));
    }
    try {
      for (int shard = 0; shard < parts.size(); shard++) {
        String failure =
            "data plane: no state came through with the parameter server at "
                + servers.get(shard)
                + ": ";
        Dialer.await(parts.get(shard), failure, LIMIT_MS);
      }
    } finally {
      List<ChannelFuture> ends =
          opened.stream().map(link -> link.leave(dialer.frames().goodbye(run))).toList();
      LOG.debug("data plane: state of {} went over {} connections", run, ends.size());
    }
  }

  private CompletableFuture<Void> part(int shard, Endpoint server, List<Link> opened) {
    DataFrames data = new DataFrames(run, buckets, shard);
    CompletableFuture<Void> done = new CompletableFuture<>();
    return dialer
        .dial(
            server,
            data,
            Introduction.ofKeeper(name),
            link -> {
              opened.add(link);
              return new StateClient(link, data, dialer.frames(), state, what, done)::begin;
            })
        .thenCompose(welcome -> done);
  }
}
