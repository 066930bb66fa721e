package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import io.lockstep.training.Endpoint;
import io.lockstep.training.Epochs;
import io.lockstep.training.ShardHost;
import io.lockstep.training.ShardReports;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The standbys that a node has of other nodes' shards in a run. Used by the node's actor, but for
 * what waits; adding and updating happen on the threads that deliver partials.
 */
final class NodeStandbys {

  private final NodeParts parts;
  private final ActorRef<Node.Command> node;
  private final Map<Integer, OwnShard> standbys = new TreeMap<>();
  private final Map<Integer, Integer> numbers = new HashMap<>();
  private final Map<Integer, Coordinator.StandbyFailed> failures = new HashMap<>();

  NodeStandbys(NodeParts parts, ActorRef<Node.Command> node) {
    this.parts = parts;
    this.node = node;
  }

  /**
   * Makes a standby, which is empty until it is {@linkplain #connect connected}.
   *
   * @param number of the standby
   * @param startNanos when the run began, as of {@link System#nanoTime}
   */
  OwnShard open(int shard, int number, long startNanos) {
    numbers.put(shard, number);
    failures.remove(shard);
    Epochs epochs = parts.job().epochs();
    ShardReports reports =
        parts.reports(
            shard,
            number,
            version -> epochs.endsEpoch(version - 1),
            () -> node.tell(new Node.TakeReports()));
    reports.start(startNanos);
    ShardHost host =
        ShardHost.standby(
            parts.job(),
            parts.buckets(),
            parts.kernels(),
            shard,
            parts.plane().theta(parts.buckets(), shard),
            reports);
    host.noteTo(parts.tracer());
    OwnShard standby = new OwnShard(host, reports);
    standbys.put(shard, standby);
    return standby;
  }

  /** Whether this node was asked for this standby, and for none that is newer. */
  boolean has(int shard, int number) {
    return numbers.getOrDefault(shard, 0) == number;
  }

  /** What was told of the standby that was asked for last; empty as long as it is being filled. */
  Optional<Coordinator.Command> answer(int shard) {
    OwnShard standby = standbys.get(shard);
    if (standby == null) {
      return Optional.ofNullable(failures.get(shard));
    }
    long from = standby.host().following().filledFrom();
    return from < 0
        ? Optional.empty()
        : Optional.of(new Coordinator.Filled(parts.number(), shard, numbers.get(shard), from));
  }

  /** There is no standby, as is to be told. */
  Coordinator.Command failed(int shard, String why) {
    standbys.remove(shard);
    Coordinator.StandbyFailed failed =
        new Coordinator.StandbyFailed(parts.number(), shard, numbers.get(shard), why);
    failures.put(shard, failed);
    return failed;
  }

  /** Connects a standby with its shard's server; called by a thread that may wait. */
  void connect(OwnShard standby, int number, String name, Endpoint server) {
    parts.plane().mirror(parts.run(), name, standby.host(), number, server);
  }

  /** Whether a standby was neither given up meanwhile nor replaced by another. */
  boolean has(OwnShard standby) {
    return standbys.get(standby.host().number()) == standby;
  }

  /** All of them. */
  List<OwnShard> all() {
    return List.copyOf(standbys.values());
  }

  /** The oldest step that is under way; {@link Long#MAX_VALUE} if there is no standby. */
  long step() {
    return standbys.values().stream()
        .mapToLong(standby -> standby.host().step())
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** Whether this node has one of a shard. */
  boolean has(int shard) {
    return standbys.containsKey(shard);
  }

  /** Tells of a shard's standby no more. */
  void forget(int shard) {
    standbys.remove(shard);
  }

  /** Ends the connection of a standby with its shard's server, as soon as there may be one. */
  CompletionStage<Void> disconnect(int shard) {
    return parts.plane().unmirror(parts.run(), shard);
  }

  /**
   * Gives up a shard's standby, which is disconnected, to be served.
   *
   * @throws IllegalStateException if there is none
   */
  OwnShard take(int shard) {
    OwnShard standby = standbys.remove(shard);
    if (standby == null) {
      throw new IllegalStateException(
          "shard %d: expected a standby that takes over but found none".formatted(shard));
    }
    return standby;
  }

  void takeReports(Consumer<Coordinator.Command> coordinator) {
    ReportMessages messages = new ReportMessages(coordinator);
    for (OwnShard standby : standbys.values()) {
      standby.reports().tellAsStandby(messages);
      var _ = standby.isLate(); // It learns what is usual, for when it serves the shard.
    }
  }
}
