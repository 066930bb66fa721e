package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import io.lockstep.nn.graph.Composition;
import io.lockstep.training.DataPlane;
import io.lockstep.training.Endpoint;
import io.lockstep.training.Evaluation;
import io.lockstep.training.NodeExchange;
import io.lockstep.training.Plan;
import io.lockstep.training.Replica;
import io.lockstep.training.ShardHost;
import io.lockstep.training.Slowdown;
import io.lockstep.training.StepTimes;
import io.lockstep.training.Workplaces;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** The workers of a node in a run. Used by the node's actor, but for {@link #connect}. */
final class NodeWorkers {

  private final NodeParts parts;
  private final ActorContext<Node.Command> context;
  private final List<ActorRef<Worker.Command>> workers = new ArrayList<>();
  private final BitSet awaited = new BitSet();
  private long[] microBatches = {};
  private NodeExchange exchange;
  private DataPlane.Traffic before = DataPlane.Traffic.NONE;
  private boolean begun;
  private boolean ready;
  private boolean closed;

  NodeWorkers(NodeParts parts, ActorContext<Node.Command> context) {
    this.parts = parts;
    this.context = context;
  }

  /** Returns false if they connect already, or have. */
  boolean begin() {
    boolean first = !begun;
    begun = true;
    return first;
  }

  /** Whether all are connected and warm. */
  boolean ready() {
    return ready;
  }

  /** Connects to all shards; called by a thread that may wait. */
  NodeExchange connect(String name, int slots, List<Endpoint> servers) {
    return parts
        .plane()
        .connect(
            parts.run(),
            name,
            parts.job(),
            parts.buckets(),
            parts.kernels(),
            parts.number(),
            slots,
            servers);
  }

  void start(NodeExchange connected, int slots, Slowdown slowdown) {
    exchange = connected;
    exchange.noteTo(parts.tracer());
    microBatches = new long[slots];
    awaited.set(0, slots);
    Workplaces workplaces = new Workplaces(parts.job(), parts.buckets(), parts.kernels(), slots);
    for (int slot = 0; slot < slots; slot++) {
      int own = slot;
      workers.add(
          context.spawnAnonymous(
              Worker.create(
                  parts.run(),
                  slot,
                  () -> warmReplica(workplaces, own, slowdown),
                  context.getSelf())));
    }
  }

  /**
   * On the worker's thread: its memory is near that core, and the first worker's kernels are
   * compiled for all.
   */
  private Replica warmReplica(Workplaces workplaces, int slot, Slowdown slowdown) {
    parts.kernels().warmUp();
    if (Composition.occursIn(parts.job().network())) {
      parts.kernels().warmUpArithmetic();
    }
    return new Replica(workplaces, exchange, slot, slowdown);
  }

  /** Returns whether all are ready now; only then do they take part, so that all leave later. */
  boolean ready(int slot) {
    awaited.clear(slot);
    boolean all = awaited.isEmpty();
    if (all) {
      ready = true;
      before = parts.plane().traffic();
      awaited.set(0, workers.size());
      workers.forEach(worker -> worker.tell(new Worker.Train()));
    }
    return all;
  }

  /** Returns whether all have left now. */
  boolean left(int slot, long computed) {
    microBatches[slot] = computed;
    awaited.clear(slot);
    return awaited.isEmpty();
  }

  /** Why they cannot go on, unless they get another server; null while they can. */
  String lost() {
    return exchange == null ? null : exchange.lost();
  }

  /** A shard's server cannot be reached. */
  void lost(int shard, String why) {
    if (exchange != null) {
      exchange.lost(shard, why);
    }
  }

  /** That they have let go of a shard's server, with the newest step that they have seen begin. */
  Coordinator.Forsaken forsaken(int shard) {
    NodeExchange.Begun newest =
        exchange == null
            ? new NodeExchange.Begun(-1, ShardHost.NO_PLAN, -1)
            : exchange.newestBegun();
    return new Coordinator.Forsaken(
        parts.number(), shard, newest.step(), newest.plan(), newest.since());
  }

  /** How long they compute at a micro-batch; 0 if nothing new is known of it. */
  double nanosPerMicroBatch() {
    return exchange == null ? 0 : exchange.pace().nanosPerMicroBatch();
  }

  /** Where the time of steps went that all have done: of those begun all but the newest two. */
  List<StepTimes.Sample> times() {
    return exchange == null ? List.of() : exchange.times().take(exchange.newestBegun().step() - 1);
  }

  /** The newest step that has begun; {@link Long#MAX_VALUE} if there are none. */
  long step() {
    return exchange == null ? Long.MAX_VALUE : exchange.newestBegun().step();
  }

  /** After all have left: where the time of the last steps went. */
  List<StepTimes.Sample> lastTimes() {
    return exchange.times().take(Long.MAX_VALUE);
  }

  List<Long> microBatches() {
    return Arrays.stream(microBatches).boxed().toList();
  }

  /** What has travelled since the first step could begin. */
  DataPlane.Traffic traffic() {
    return parts.plane().traffic().since(before);
  }

  void know(Plan plan) {
    if (exchange != null) {
      exchange.know(plan);
    }
  }

  void takeOver(int lost) {
    if (exchange != null) {
      exchange.takeOver(lost);
    }
  }

  void takeOver(int late, long step) {
    if (exchange != null) {
      exchange.takeOver(late, step);
    }
  }

  void leave() {
    if (exchange != null) {
      exchange.stop();
    }
  }

  void settle(long version) {
    if (exchange != null) {
      exchange.settle(version);
    }
  }

  void evaluate(List<Evaluation> evaluations, long version, Plan plan) {
    workers.forEach(worker -> worker.tell(new Worker.Evaluate(evaluations, version, plan)));
  }

  void close() {
    if (!closed) {
      closed = true;
      leave();
      workers.forEach(context::stop);
    }
  }
}
