package io.lockstep.wire;

import io.lockstep.training.RunIdentity;
import io.netty.channel.ChannelFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The shards that a process serves, of any runs; thread-safe. */
final class ServedShards {

  private final Map<ShardId, ServedShard> shards = new ConcurrentHashMap<>();

  /**
   * Serves one more.
   *
   * @throws IllegalStateException if that shard of its run is served already; the new one is closed
   */
  void add(ServedShard added) {
    if (shards.putIfAbsent(ShardId.of(added.run(), added.number()), added) != null) {
      added.close();
      throw new IllegalStateException(
          "shard %d of %s is served by this process already"
              .formatted(added.number(), added.run()));
    }
  }

  /** A shard of a run, if it is served. */
  Optional<ServedShard> get(RunIdentity run, int shard) {
    return Optional.ofNullable(shards.get(ShardId.of(run, shard)));
  }

  /**
   * The shard that a peer asks for.
   *
   * @throws FrameException if it is not here; tells what is
   */
  ServedShard find(RunIdentity run, int shard, String peer) throws FrameException {
    List<ServedShard> ofRun = ofRun(run.runId()).toList();
    if (ofRun.isEmpty()) {
      throw new FrameException.WrongRun(peer, runs(), run.runId());
    }
    long configuration = ofRun.getFirst().run().configuration();
    if (configuration != run.configuration()) {
      throw new FrameException.WrongConfiguration(peer, configuration, run.configuration());
    }
    ServedShard found = shards.get(ShardId.of(run, shard));
    if (found == null) {
      throw new FrameException.WrongShard(peer, numbers(ofRun), shard);
    }
    return found;
  }

  private Stream<ServedShard> ofRun(long runId) {
    return shards.values().stream().filter(served -> served.run().runId() == runId);
  }

  private String runs() {
    String runs =
        shards.keySet().stream()
            .map(ShardId::runId)
            .distinct()
            .map("%016x"::formatted)
            .collect(Collectors.joining(" or "));
    return runs.isEmpty() ? "none (nothing is served yet, or no longer)" : runs;
  }

  private static String numbers(List<ServedShard> served) {
    return served.stream()
        .map(ServedShard::number)
        .sorted()
        .map(String::valueOf)
        .collect(Collectors.joining(" or "));
  }

  /** Ends all that is served of a run; returns the ends of its connections. */
  List<ChannelFuture> close(RunIdentity run) {
    return close(id -> id.runId() == run.runId());
  }

  /** Ends all. */
  List<ChannelFuture> close() {
    return close(id -> true);
  }

  private List<ChannelFuture> close(Predicate<ShardId> which) {
    List<ChannelFuture> ends = new ArrayList<>();
    for (ShardId id : List.copyOf(shards.keySet())) {
      ServedShard ended = which.test(id) ? shards.remove(id) : null;
      if (ended != null) {
        ends.addAll(ended.close());
      }
    }
    return ends;
  }
}
