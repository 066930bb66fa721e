package io.lockstep.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * What the parts of a run's course share: who takes part, where the run is, and what it waits for.
 */
final class RunState {

  final RunShape shape;
  final RunOrders orders;
  final Map<Integer, Member> members = new TreeMap<>();
  final Set<Integer> awaitedNodes = new TreeSet<>();
  final Set<Integer> awaitedShards = new TreeSet<>();
  final Set<String> awaitedBesides = new TreeSet<>();
  final PlanChanges plans;
  final StepReports steps;
  final Checkpoints checkpoints;
  final Standbys standbys;
  final StepTotals totals;

  /** Where the run is to stand still next. */
  final LongSupplier nextHold;

  private Phase phase = Phase.ASSEMBLING;
  private long wentOn = -1;

  /** Null while assembling. */
  Placement placement;

  RunState(RunShape shape, RunOrders orders, LongSupplier nextHold) {
    this.shape = shape;
    this.orders = orders;
    this.plans = new PlanChanges(orders, () -> placement.lead());
    this.steps = new StepReports(shape, orders);
    this.checkpoints = new Checkpoints(this);
    this.standbys = new Standbys(this);
    this.totals =
        new StepTotals(
            shape.shards(),
            (shard, step, totals) -> orders.totals(placement.serverOf(shard), shard, step, totals));
    this.nextHold = nextHold;
  }

  boolean is(Phase phase) {
    return this.phase == phase;
  }

  boolean isBefore(Phase phase) {
    return this.phase.isBefore(phase);
  }

  /** Begins a phase, which waits for nothing yet. */
  void enter(Phase next) {
    phase = next;
    awaitedNodes.clear();
    awaitedShards.clear();
    awaitedBesides.clear();
    if (next.limit() == null) {
      orders.unlimited();
    } else {
      orders.limit(next.doing(), next.limit());
    }
  }

  void awaitAllShards() {
    IntStream.range(0, shape.shards()).forEach(awaitedShards::add);
  }

  /** Whether a node was waited for, as the last one. */
  boolean lastOfNodes(int node) {
    return awaitedNodes.remove(node) && awaitedNodes.isEmpty();
  }

  /** Whether a shard was waited for, as the last one. */
  boolean lastOfShards(int shard) {
    return awaitedShards.remove(shard) && awaitedShards.isEmpty();
  }

  List<Member> membersThat(Predicate<Member> property) {
    return members.values().stream().filter(property).toList();
  }

  /** Lets workers go on from a version whose validation has ended no run. */
  void goOn(long version) {
    wentOn = version;
    orders.goOn(placement.lead(), version);
  }

  /** As before, once more: the leading shard has moved, and may not have heard of it. */
  void goOnAgain() {
    if (wentOn >= 0) {
      orders.goOn(placement.lead(), wentOn);
    }
  }

  boolean holdsShard(int node) {
    return placement != null && placement.holdsShard(node);
  }

  /** Ends the run without a result. */
  void fail(String why) {
    end(why, orders::failed);
  }

  /** Ends the run without a result, since a part of it is gone. */
  void breakOff(String why) {
    end(why, orders::broken);
  }

  private void end(String why, Consumer<String> order) {
    if (!is(Phase.ENDED)) {
      enter(Phase.ENDED);
      order.accept(why);
      members.keySet().forEach(orders::close);
    }
  }

  /** Ends the run for want of workers: another may go on from what its nodes have. */
  void suspend(String why) {
    enter(Phase.ENDED);
    orders.suspended(why);
    members.keySet().forEach(orders::keep);
  }

  /** What a run that cannot begin is waiting for. */
  String missing() {
    int workers = members.values().stream().mapToInt(member -> member.slots).sum();
    return "expected %d workers and %d parameter servers, found %d and room for %d"
        .formatted(shape.workers(), shape.shards(), workers, Placement.room(members.values()));
  }

  /** Whom and what the phase is waiting for. */
  String awaited() {
    List<String> names = new ArrayList<>();
    awaitedNodes.forEach(node -> names.add(nameOf(node)));
    awaitedShards.forEach(
        shard -> names.add("shard %d of %s".formatted(shard, nameOf(placement.serverOf(shard)))));
    names.addAll(awaitedBesides);
    return String.join(", ", names);
  }

  private String nameOf(int node) {
    return members.get(node).name;
  }
}
