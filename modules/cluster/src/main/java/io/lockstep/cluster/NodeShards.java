package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import io.lockstep.training.CourseReports;
import io.lockstep.training.Endpoint;
import io.lockstep.training.Epochs;
import io.lockstep.training.Promotion;
import io.lockstep.training.ShardHost;
import io.lockstep.training.ShardReports;
import io.lockstep.training.StepTimes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/**
 * The shards that a node serves in a run. Used by the node's actor; adding and updating happen on
 * the threads that deliver partials.
 */
final class NodeShards {

  private final NodeParts parts;
  private final ActorRef<Node.Command> node;
  private final Map<Integer, OwnShard> shards = new TreeMap<>();
  private final AtomicLong heldVersion = new AtomicLong(-1);

  NodeShards(NodeParts parts, ActorRef<Node.Command> node) {
    this.parts = parts;
    this.node = node;
  }

  void open(int number) {
    Epochs epochs = parts.job().epochs();
    LongPredicate urgent = version -> epochs.endsEpoch(version - 1) || version == heldVersion.get();
    ShardReports told =
        parts.reports(
            number, CourseReports.SERVED, urgent, () -> node.tell(new Node.TakeReports()));
    ShardHost shard =
        new ShardHost(
            parts.job(),
            parts.buckets(),
            parts.kernels(),
            number,
            parts.plane().theta(parts.buckets(), number),
            told);
    serve(new OwnShard(shard, told));
  }

  /** Lets others connect with a shard, which no standby mirrors any more. */
  void serve(OwnShard shard) {
    shards.put(shard.host().number(), shard);
    shard.host().noteTo(parts.tracer());
    shard.late().waitAnew(shard.host().evaluationsArrived(), System.nanoTime());
    parts.plane().serve(parts.run(), shard.host());
  }

  /** Serves what was a standby, and is connected with no server any more. */
  void promote(OwnShard standby, Promotion start, LongConsumer holding) {
    long held = standby.host().promote(start);
    if (standby.host().leads() && start.holdAt() != Long.MAX_VALUE) {
      holdAt(held, holding);
    }
    serve(standby);
  }

  /** All of them. */
  List<OwnShard> all() {
    return List.copyOf(shards.values());
  }

  /** One of them; null if there is no such shard here. */
  OwnShard of(int shard) {
    return shards.get(shard);
  }

  /** The standby of this number, or an older one, is not waited for any more. */
  void withoutStandby(int shard, int number) {
    OwnShard own = shards.get(shard);
    if (own != null) {
      own.host().mirroring().end(number);
    }
  }

  private void lead(Consumer<ShardHost> order) {
    shards.values().stream().map(OwnShard::host).filter(ShardHost::leads).forEach(order);
  }

  void activate(int plan, boolean start) {
    lead(shard -> shard.activate(plan));
    if (start) {
      long now = System.nanoTime();
      shards.values().forEach(shard -> shard.reports().start(now));
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
   * Has all shards take a snapshot of {@code version}; {@code missed} is told of those that have
   * gone on.
   */
  void snapshot(long version, IntConsumer missed) {
    shards.forEach(
        (number, shard) -> {
          if (!shard.host().keeping().snapshotAt(version)) {
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
    shards.forEach((number, shard) -> halted.at(number, shard.host().halt()));
  }

  void settle(long version) {
    shards.values().forEach(shard -> shard.host().settle(version));
  }

  /** Whether there are shards here, and all have done the run's last step. */
  boolean areDone() {
    long steps = parts.job().epochs().steps();
    return !shards.isEmpty()
        && shards.values().stream().allMatch(shard -> shard.host().step() >= steps);
  }

  /** The oldest step that is under way; {@link Long#MAX_VALUE} if there is no shard. */
  long step() {
    return shards.values().stream()
        .mapToLong(shard -> shard.host().step())
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** Where the time of steps went that are done, of all shards. */
  List<StepTimes.Sample> times() {
    boolean inOneProcess = parts.plane().endpoint().equals(Endpoint.IN_PROCESS);
    return shards.values().stream()
        .map(OwnShard::host)
        .flatMap(shard -> shard.times().take(shard.step()).stream())
        .map(sample -> inOneProcess ? sample.inOneProcess() : sample)
        .toList();
  }

  void takeReports(Consumer<Coordinator.Command> coordinator) {
    ReportMessages messages = new ReportMessages(coordinator);
    for (OwnShard shard : shards.values()) {
      shard.reports().tell(messages);
      if (shard.isLate()) {
        coordinator.accept(late(shard.host(), shard.late().times()));
      }
    }
  }

  private static Coordinator.Command late(ShardHost shard, int times) {
    return shard.mirroring().isPending()
        ? new Coordinator.StandbyLate(shard.number(), shard.mirroring().newest())
        : new Coordinator.Late(shard.openStep(), times);
  }
}
