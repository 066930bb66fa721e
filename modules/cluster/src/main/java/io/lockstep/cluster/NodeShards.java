package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import io.lockstep.training.Epochs;
import io.lockstep.training.LateSteps;
import io.lockstep.training.ShardHost;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/**
 * The shards that a node owns in a run. Used by the node's actor; adding and updating happen on the
 * threads that deliver partials.
 */
final class NodeShards {

  private final NodeParts parts;
  private final ActorRef<Node.Command> node;
  private final Map<Integer, ShardHost> shards = new TreeMap<>();
  private final Map<Integer, ShardReports> reports = new TreeMap<>();
  private final Map<Integer, LateSteps> late = new TreeMap<>();
  private final AtomicLong heldVersion = new AtomicLong(-1);
  private float[] initial;

  NodeShards(NodeParts parts, ActorRef<Node.Command> node) {
    this.parts = parts;
    this.node = node;
  }

  void open(int number) {
    boolean leads = parts.buckets().shardOf(0) == number;
    Epochs epochs = parts.job().epochs();
    LongPredicate urgent = version -> epochs.endsEpoch(version - 1) || version == heldVersion.get();
    ShardReports told = new ShardReports(leads, urgent, () -> node.tell(new Node.TakeReports()));
    if (initial == null) {
      initial = parts.job().network().initialWeights(parts.job().seed());
    }
    ShardHost shard =
        new ShardHost(
            parts.job(),
            parts.buckets(),
            parts.kernels(),
            number,
            parts.plane().theta(parts.buckets(), number),
            initial,
            told);
    shards.put(number, shard);
    late.put(number, new LateSteps(shard.step()));
    reports.put(number, told);
    parts.plane().serve(parts.run(), shard);
  }

  private void lead(Consumer<ShardHost> order) {
    shards.values().stream().filter(ShardHost::leads).forEach(order);
  }

  void activate(int plan, boolean start) {
    initial = null;
    lead(shard -> shard.activate(plan));
    if (start) {
      reports.values().forEach(ShardReports::start);
      lead(ShardHost::start);
    }
  }

  void hold(long version, LongConsumer holding) {
    lead(shard -> holdAt(shard.holdAt(version), holding));
  }

  void goOn(long version) {
    lead(shard -> shard.goOn(version));
  }

  void release(long nextHold, LongConsumer holding) {
    lead(shard -> holdAt(shard.release(nextHold), holding));
  }

  private void holdAt(long version, LongConsumer holding) {
    heldVersion.set(version);
    holding.accept(version);
  }

  /**
   * Has all shards copied at {@code version}; {@code missed} is told of those that have gone on.
   */
  void snapshot(long version, IntConsumer missed) {
    shards.forEach(
        (number, shard) -> {
          if (!shard.snapshotAt(version)) {
            missed.accept(number);
          }
        });
  }

  /** What is told of a shard that has halted. */
  interface Halted {

    /** The shard commits nothing after {@code version}. */
    void at(int shard, long version);
  }

  void halt(Halted halted) {
    shards.forEach((number, shard) -> halted.at(number, shard.halt()));
  }

  void settle(long version) {
    shards.values().forEach(shard -> shard.settle(version));
  }

  void takeReports(Consumer<Coordinator.Command> coordinator) {
    shards.forEach((number, shard) -> reports.get(number).take(shard).forEach(coordinator));
    late.forEach(
        (number, steps) -> {
          ShardHost shard = shards.get(number);
          if (steps.isLate(shard.step(), shard.evaluationsArrived(), System.nanoTime())) {
            coordinator.accept(new Coordinator.Late(shard.openStep(), steps.times()));
          }
        });
  }
}
