package io.lockstep.training;

import io.lockstep.nn.Sums;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a run ends: by its last step, by a stop, or by a step that is not finite; then workers leave
 * the steps, all fall back to the last version that every shard has, and evaluate it.
 */
final class Ending {

  /** For the steps that are under way; then a stop does without the state of its last version. */
  private static final Duration STANDING_STILL = Duration.ofSeconds(10);

  private static final String WEIGHTS = "the weights at whoever asked for the run";

  private final RunState run;
  private final RunOrders orders;
  private final StepReports steps;
  private final List<RunEnd.NodeWork> work = new ArrayList<>();
  private final Set<Evaluation> openEvaluations = new TreeSet<>();
  private long failedStep = -1;
  private int failedLayer = Sums.NONE;
  private boolean stopping;
  private long stopAt = -1;
  private boolean haltDue;
  private boolean halted;
  private RunEvent early;
  private boolean weightsKept;

  Ending(RunState run) {
    this.run = run;
    this.orders = run.orders;
    this.steps = run.steps;
  }

  void stepFailed(int shard, long step, int layer) {
    failedStep = step;
    failedLayer = Math.min(failedLayer, layer);
    steps.reached(shard, step);
    halt();
  }

  /** A run that is kept stands still first, so that all shards have the same version to keep. */
  void stop() {
    if (stopping) {
      return;
    }
    stopping = true;
    if (run.is(Phase.TRAINING) && run.shape.checkpoints()) {
      orders.limit("standing still", STANDING_STILL);
      orders.hold(run.placement.lead(), 0);
    } else {
      halt();
    }
  }

  /** No step begins at {@code version}, nor after it. */
  void standsStillAt(long version) {
    stopAt = version;
    commit();
  }

  /** Whether the run is to end as soon as it has begun. */
  boolean stopping() {
    return stopping;
  }

  /** Ends the run with the version that every shard has, and from which nobody has gone on. */
  void endEarly(RunEvent why) {
    early = why;
    halt();
  }

  /** Commits nothing more; once every shard has a server. */
  void halt() {
    haltDue = true;
    if (run.is(Phase.TRAINING) && !run.standbys.moving()) {
      run.enter(Phase.HALTING);
      run.awaitAllShards();
      run.placement.servers().forEach(orders::halt);
    }
  }

  /** A shard has moved: what has waited for it goes on. */
  void moved() {
    commit();
    if (haltDue) {
      halt();
    }
  }

  void halted(int shard, long version) {
    if (!run.is(Phase.HALTING)) {
      return;
    }
    steps.endAt(version);
    steps.reached(shard, version);
    if (run.lastOfShards(shard)) {
      tell();
      if (early != null) {
        orders.event(early);
      }
      halted = true;
      awaitLeaving();
    }
  }

  /** Tells the steps that every shard has; the last of them ends the run. */
  void commit() {
    tell();
    if (run.standbys.moving()) {
      return; // What follows needs all servers.
    }
    if (run.is(Phase.TRAINING) && steps.committed() == run.shape.steps()) {
      steps.endAt(run.shape.steps());
      awaitLeaving();
    } else if (stopping && steps.committed() == stopAt) {
      halt();
    }
  }

  private void tell() {
    Checkpoints checkpoints = run.checkpoints;
    long next = checkpoints.next();
    while (steps.tellUpTo(next)) { // Up to a version that is to be kept, and then on.
      checkpoints.told();
      next = checkpoints.next();
    }
    checkpoints.name();
  }

  private void awaitLeaving() {
    run.enter(Phase.LEAVING);
    List<Member> ready = run.membersThat(Member::isReady);
    boolean allLate = run.membersThat(m -> computes(m) && !m.late).isEmpty();
    ready.stream() // Who holds a shard has answered: it lives.
        .filter(m -> !m.late || allLate || run.holdsShard(m.node))
        .forEach(m -> run.awaitedNodes.add(m.node));
    run.membersThat(m -> m.state == Member.State.RELEASED)
        .forEach(m -> run.awaitedNodes.add(m.node));
    // After the last step those of the plan leave by themselves; others may not see it begin.
    ready.stream().filter(m -> halted || !computes(m)).forEach(m -> orders.leave(m.node));
    if (run.awaitedNodes.isEmpty()) {
      settle();
    }
  }

  private boolean computes(Member member) {
    return run.plans.current().positionOf(member.node) >= 0;
  }

  void left(int node, List<Long> microBatches, DataPlane.Traffic traffic) {
    Member member = run.members.get(node);
    if (member == null) {
      return;
    }
    work.add(
        new RunEnd.NodeWork(
            member.name, microBatches, traffic.bytesSent(), traffic.bytesReceived()));
    if (member.state == Member.State.RELEASED) {
      run.members.remove(node);
      orders.close(node);
      run.standbys.withoutWaitingFor(node);
    }
    member.state = Member.State.LEFT;
    if (run.is(Phase.SETTLING) || run.is(Phase.EVALUATING)) {
      follow(member);
    }
    withoutWaitingFor(node);
  }

  /** Who was late, and not waited for, does what the others were told when they had left. */
  private void follow(Member member) {
    if (halted) {
      orders.settle(member.node, steps.last());
    }
    if (!openEvaluations.isEmpty() && computes(member)) {
      evaluate(member);
    }
  }

  /** A node is late with the last evaluation: it leaves when it can. */
  void doNotAwait(Member member) {
    if (run.is(Phase.LEAVING) && !run.holdsShard(member.node)) {
      withoutWaitingFor(member.node);
    }
  }

  /** A node has left the steps, or is gone. */
  void withoutWaitingFor(int node) {
    if (run.is(Phase.LEAVING) && run.lastOfNodes(node)) {
      settle();
    } else {
      settled(node);
    }
  }

  /** After the last step every shard has that version; after a halt one may have a newer one. */
  private void settle() {
    if (!halted) {
      evaluate();
      return;
    }
    run.enter(Phase.SETTLING);
    // Others, such as one that is still reading the data, have nothing to fall back from.
    run.membersThat(m -> run.holdsShard(m.node) || computes(m) && m.hasLeft())
        .forEach(m -> run.awaitedNodes.add(m.node));
    List.copyOf(run.awaitedNodes).forEach(node -> orders.settle(node, steps.last()));
  }

  void settled(int node) {
    if (run.is(Phase.SETTLING) && run.lastOfNodes(node)) {
      evaluate();
    }
  }

  private void evaluate() {
    long version = steps.last();
    run.enter(Phase.EVALUATING);
    run.awaitedBesides.add(WEIGHTS);
    if (divergedLayer() < 0) {
      run.checkpoints.finish(version);
    }
    orders.trained(version, divergedLayer());
    run.shape.evaluations().stream()
        .filter(evaluation -> !steps.isEvaluated(evaluation, version))
        .forEach(openEvaluations::add);
    openEvaluations.forEach(evaluation -> run.awaitedBesides.add(nameOf(evaluation)));
    if (!openEvaluations.isEmpty()) {
      List<Member> here = run.membersThat(m -> computes(m) && m.hasLeft());
      run.membersThat(m -> computes(m) && !m.hasLeft())
          .forEach(late -> here.forEach(m -> orders.takeOver(m.node, late.node)));
      here.forEach(this::evaluate);
    }
    endWhenAllIsDone();
  }

  private void evaluate(Member member) {
    List<Evaluation> open = List.copyOf(openEvaluations);
    orders.evaluate(member.node, run.plans.current(), open, steps.last());
  }

  private static String nameOf(Evaluation evaluation) {
    return "evaluation " + evaluation;
  }

  private int divergedLayer() {
    return failedStep >= 0 && failedStep == steps.last() ? failedLayer : -1;
  }

  void evaluated(Evaluation evaluation, long version, StepSums sums) {
    steps.evaluated(evaluation, version, sums);
    if (run.is(Phase.EVALUATING) && version == steps.last()) {
      openEvaluations.remove(evaluation);
      run.awaitedBesides.remove(nameOf(evaluation));
      endWhenAllIsDone();
    }
  }

  void weightsKept() {
    weightsKept = true;
    run.awaitedBesides.remove(WEIGHTS);
    endWhenAllIsDone();
  }

  /** Ends the run if nothing is awaited any more. */
  void endWhenAllIsDone() {
    boolean kept = divergedLayer() >= 0 || run.checkpoints.done();
    if (run.is(Phase.EVALUATING) && weightsKept && openEvaluations.isEmpty() && kept) {
      run.enter(Phase.ENDED);
      orders.ended(new RunEnd(steps.last(), divergedLayer(), List.copyOf(work)));
      run.members.keySet().forEach(orders::close);
    }
  }
}
