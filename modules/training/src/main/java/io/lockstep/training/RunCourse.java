package io.lockstep.training;

import io.lockstep.nn.Sums;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The course of a run, as a plain state machine: which nodes take part, from the first check to the
 * last evaluation, and what each is told. The coordinator's actor only passes messages on to it.
 *
 * <p>Phases: assembling (enough nodes) → preparing (every node has the data and fits) → opening
 * (every shard is there) → connecting (every worker is warm) → training → halting (a stop, or a
 * step that is not finite) → leaving → settling → evaluating → ended. Used by one thread at a time.
 */
public final class RunCourse {

  private static final Duration PREPARING_LIMIT = Duration.ofMinutes(10);
  private static final Duration OPENING_LIMIT = Duration.ofMinutes(2);
  private static final Duration CONNECTING_LIMIT = Duration.ofMinutes(5);
  private static final Duration HALTING_LIMIT = Duration.ofMinutes(1);

  /** A stopped worker leaves within one pass; an evaluation is one forward pass over the rows. */
  private static final Duration LEAVING_LIMIT = Duration.ofMinutes(10);

  private static final Duration EVALUATION_LIMIT = Duration.ofHours(2);

  private static final long NEVER = Long.MAX_VALUE;

  private enum Phase {
    ASSEMBLING,
    PREPARING,
    OPENING,
    CONNECTING,
    TRAINING,
    HALTING,
    LEAVING,
    SETTLING,
    EVALUATING,
    ENDED
  }

  private final RunShape shape;
  private final RunOrders orders;
  private Phase phase = Phase.ASSEMBLING;
  private final Map<Integer, Member> members = new TreeMap<>();
  private final Set<Integer> awaitedNodes = new TreeSet<>();
  private final Set<Integer> awaitedShards = new TreeSet<>();
  private Placement placement;
  private final PlanChanges plans;
  private final StepReports steps;
  private final List<RunEnd.NodeWork> work = new ArrayList<>();
  private final Set<Evaluation> openEvaluations = new TreeSet<>();
  private long failedStep = -1;
  private int failedLayer = Sums.NONE;
  private long holdAt = NEVER;
  private boolean stopping;
  private boolean halted;
  private boolean weightsKept;

  /**
   * @param orders told what is to be done; its methods must not call back
   */
  public RunCourse(RunShape shape, RunOrders orders) {
    this.shape = shape;
    this.orders = orders;
    this.plans = new PlanChanges(orders);
    this.steps = new StepReports(shape, orders);
  }

  // Who is there.

  /**
   * A node is there.
   *
   * @param node its number, given once
   * @param slots its workers; 0 if it computes nothing
   * @param shards the most shards that it can hold
   */
  public void offer(int node, String name, int slots, int shards) {
    Member member = new Member(node, name, slots, shards);
    if (phase == Phase.ASSEMBLING) {
      members.put(node, member);
      Placement.of(shape, members.values()).ifPresent(this::prepare);
    } else if (member.computes() && phase.compareTo(Phase.HALTING) < 0) {
      members.put(node, member);
      orders.prepare(node);
    }
  }

  /** Those whom the run does not begin with join later, if they compute. */
  private void prepare(Placement enough) {
    placement = enough;
    members.values().removeIf(m -> !m.computes() && !enough.founders().contains(m.node));
    members.values().forEach(m -> m.founder = enough.founders().contains(m.node));
    enter(Phase.PREPARING, "reading the data", PREPARING_LIMIT);
    awaitedNodes.addAll(enough.founders());
    members.keySet().forEach(orders::prepare);
  }

  /** A node has the data and fits the run. */
  public void prepared(int node) {
    Member member = members.get(node);
    if (member == null) {
      return;
    }
    member.state = Member.State.PREPARED;
    if (phase == Phase.PREPARING && awaitedNodes.remove(node) && awaitedNodes.isEmpty()) {
      open();
    } else if (phase == Phase.TRAINING) {
      connectNewcomers();
    }
  }

  private void open() {
    enter(Phase.OPENING, "opening shards", OPENING_LIMIT);
    awaitAllShards();
    for (int shard = 0; shard < shape.shards(); shard++) {
      orders.open(placement.serverOf(shard), shard);
    }
  }

  private void awaitAllShards() {
    IntStream.range(0, shape.shards()).forEach(awaitedShards::add);
  }

  /** A shard is there. */
  public void opened(int shard) {
    if (phase == Phase.OPENING && awaitedShards.remove(shard) && awaitedShards.isEmpty()) {
      connect();
    }
  }

  private void connect() {
    List<Member> founders = membersThat(m -> m.computes() && m.founder);
    plans.begin(founders, placement.lead());
    enter(Phase.CONNECTING, "connecting and warming workers", CONNECTING_LIMIT);
    founders.forEach(m -> awaitedNodes.add(m.node));
    founders.forEach(this::connect);
  }

  private void connect(Member member) {
    member.state = Member.State.CONNECTING;
    orders.connect(member.node, plans.current());
  }

  private void connectNewcomers() {
    membersThat(m -> m.computes() && m.state == Member.State.PREPARED).forEach(this::connect);
  }

  private List<Member> membersThat(Predicate<Member> property) {
    return members.values().stream().filter(property).toList();
  }

  /** A node's workers are warm. */
  public void ready(int node) {
    Member member = members.get(node);
    if (member == null) {
      return;
    }
    member.state = Member.State.READY;
    if (phase == Phase.CONNECTING && awaitedNodes.remove(node) && awaitedNodes.isEmpty()) {
      begin();
    } else {
      replan();
    }
  }

  private void begin() {
    enter(Phase.TRAINING, "training", null);
    orders.started();
    if (holdAt != NEVER) {
      orders.hold(placement.lead(), holdAt);
    }
    orders.activate(placement.lead(), plans.current().number(), true);
    if (stopping) {
      halt();
    } else {
      connectNewcomers();
      replan(); // Some may have asked to go meanwhile.
    }
  }

  // Who joins and leaves.

  /** Plans anew where those who can compute are not those of the current plan. */
  private void replan() {
    if (phase != Phase.TRAINING) {
      return;
    }
    if (!plans.changing()) {
      List<Member> workers = membersThat(m -> m.isReady() && !m.draining);
      if (workers.isEmpty()) {
        stop();
        return;
      }
      plans.change(workers);
    }
    membersThat(m -> m.draining && m.isReady() && !plans.includes(m.node)).forEach(this::release);
  }

  private void release(Member member) {
    member.state = Member.State.RELEASED;
    orders.leave(member.node);
  }

  /** A node knows a plan. */
  public void planKnown(int node, int plan) {
    plans.known(node, plan);
  }

  /** A plan holds from step {@code version} on. */
  public void begun(long version, int plan) {
    Plan before = plans.begun(plan);
    if (before == null || over()) {
      return;
    }
    tellOfThoseOnlyIn(plans.current(), before, RunEvent.What.JOINED, version);
    tellOfThoseOnlyIn(before, plans.current(), RunEvent.What.LEFT, version);
    replan();
  }

  private void tellOfThoseOnlyIn(Plan plan, Plan other, RunEvent.What what, long step) {
    plan.shares().stream()
        .filter(share -> other.positionOf(share.node()) < 0)
        .map(share -> new RunEvent(what, step, members.get(share.node()).name, ""))
        .forEach(orders::event);
  }

  /** A node wants to go; it is released when no plan needs it any more. */
  public void drain(int node) {
    Member member = members.get(node);
    if (member == null) {
      orders.close(node); // It has no part in the run, or none any more.
      return;
    }
    member.draining = true;
    if (holdsShard(node)) {
      stop(); // Its shard has no other place.
    } else if (!member.founder && !member.isReady() && phase.compareTo(Phase.HALTING) < 0) {
      members.remove(node);
      orders.close(node);
    } else {
      replan();
    }
  }

  /** A node does not fit the run, or cannot take part any more. */
  public void refused(int node, String why) {
    Member member = members.get(node);
    if (member == null || over()) {
      return;
    }
    if (needed(member)) {
      fail(member.name + " cannot take part: " + why);
      return;
    }
    orders.event(new RunEvent(RunEvent.What.REFUSED, steps.committed(), member.name, why));
    orders.close(node);
    goOnWithout(member);
  }

  /** A node is gone. */
  public void lost(int node, String why) {
    Member member = members.get(node);
    if (member == null || over()) {
      return;
    }
    if (needed(member)) {
      members.remove(node); // It can be told nothing more.
      fail(member.name + " was lost: " + why);
    } else {
      goOnWithout(member);
    }
  }

  private boolean needed(Member member) {
    boolean beginning = placement != null && phase.compareTo(Phase.TRAINING) < 0;
    return holdsShard(member.node) || beginning && member.founder || plans.needs(member.node);
  }

  private boolean holdsShard(int node) {
    return placement != null && placement.holdsShard(node);
  }

  private void goOnWithout(Member member) {
    members.remove(member.node);
    if (plans.includes(member.node)) {
      plans.abandon();
    }
    replan();
    if (phase == Phase.LEAVING) {
      hasLeft(member.node);
    }
  }

  // Steps.

  /**
   * A shard has done steps.
   *
   * @param next the version that it has now
   * @param sums those of the steps since its last report, from the leading shard; else empty
   */
  public void stepsDone(int shard, long next, List<StepSums> sums) {
    steps.reached(shard, next);
    steps.add(sums);
    commit();
  }

  private void commit() {
    steps.tell();
    if (phase == Phase.TRAINING && steps.committed() == shape.steps()) {
      steps.endAt(shape.steps());
      awaitLeaving();
    }
  }

  /** A step of a shard is not finite. */
  public void stepFailed(int shard, long step, int layer) {
    failedStep = step;
    failedLayer = Math.min(failedLayer, layer);
    steps.reached(shard, step);
    halt();
  }

  /** Ends the run at the last version that every shard has, once it has begun. */
  public void stop() {
    stopping = true;
    halt();
  }

  private void halt() {
    if (phase == Phase.TRAINING) {
      enter(Phase.HALTING, "halting", HALTING_LIMIT);
      awaitAllShards();
      placement.servers().forEach(orders::halt);
    }
  }

  /** A shard commits nothing after {@code version}; all before it was told. */
  public void halted(int shard, long version) {
    if (phase == Phase.HALTING && awaitedShards.remove(shard)) {
      steps.endAt(version);
      steps.reached(shard, version);
      if (awaitedShards.isEmpty()) {
        steps.tell();
        awaitLeaving();
      }
    }
  }

  // Standing still.

  /**
   * Lets the run stand still at {@code version}, or at the first later one where that is still
   * possible, until {@link #release(long)}.
   */
  public void hold(long version) {
    holdAt = version;
    if (phase == Phase.TRAINING) {
      orders.hold(placement.lead(), version);
    }
  }

  /** The leading shard will stand still at {@code version}, as it was told to. */
  public void holding(long version) {
    if (holdAt != NEVER) { // Else it was released meanwhile.
      steps.holdAt(version);
      commit();
    }
  }

  /**
   * Lets the run go on.
   *
   * @param nextHold where it is to stand still again; {@link Long#MAX_VALUE} for nowhere
   */
  public void release(long nextHold) {
    holdAt = nextHold;
    steps.release();
    if (phase == Phase.TRAINING) {
      orders.release(placement.lead(), nextHold);
    }
  }

  // The end.

  private void awaitLeaving() {
    halted = phase == Phase.HALTING;
    enter(Phase.LEAVING, "leaving the steps", LEAVING_LIMIT);
    List<Member> ready = membersThat(Member::isReady);
    ready.forEach(m -> awaitedNodes.add(m.node));
    membersThat(m -> m.state == Member.State.RELEASED).forEach(m -> awaitedNodes.add(m.node));
    // After the last step those of the plan leave by themselves; others may not see it begin.
    ready.stream()
        .filter(m -> halted || plans.current().positionOf(m.node) < 0)
        .forEach(m -> orders.leave(m.node));
    if (awaitedNodes.isEmpty()) {
      settle();
    }
  }

  /**
   * A node's workers have left the steps.
   *
   * @param microBatches those that each of its workers computed
   * @param traffic what travelled between it and the parameter servers
   */
  public void left(int node, List<Long> microBatches, DataPlane.Traffic traffic) {
    Member member = members.get(node);
    if (member == null) {
      return;
    }
    work.add(
        new RunEnd.NodeWork(
            member.name, microBatches, traffic.bytesSent(), traffic.bytesReceived()));
    if (member.state == Member.State.RELEASED) {
      members.remove(node);
      orders.close(node);
    }
    member.state = Member.State.LEFT;
    if (phase == Phase.LEAVING) {
      hasLeft(node);
    }
  }

  private void hasLeft(int node) {
    if (awaitedNodes.remove(node) && awaitedNodes.isEmpty()) {
      settle();
    }
  }

  /** After the last step every shard has that version; after a halt one may have a newer one. */
  private void settle() {
    if (!halted) {
      evaluate();
      return;
    }
    enter(Phase.SETTLING, "falling back to the last version", HALTING_LIMIT);
    // Others, such as one that is still reading the data, have nothing to fall back from.
    membersThat(m -> holdsShard(m.node) || plans.current().positionOf(m.node) >= 0)
        .forEach(m -> awaitedNodes.add(m.node));
    List.copyOf(awaitedNodes).forEach(node -> orders.settle(node, steps.last()));
  }

  /** A node has fallen back to the last version. */
  public void settled(int node) {
    if (phase == Phase.SETTLING && awaitedNodes.remove(node) && awaitedNodes.isEmpty()) {
      evaluate();
    }
  }

  private void evaluate() {
    long version = steps.last();
    enter(Phase.EVALUATING, "evaluating", EVALUATION_LIMIT);
    orders.trained(version, divergedLayer());
    shape.evaluations().stream()
        .filter(evaluation -> !steps.isEvaluated(evaluation, version))
        .forEach(openEvaluations::add);
    List<Evaluation> open = List.copyOf(openEvaluations);
    if (!open.isEmpty()) {
      Plan plan = plans.current();
      plan.shares().forEach(share -> orders.evaluate(share.node(), plan, open, version));
    }
    endWhenAllIsDone();
  }

  private int divergedLayer() {
    return failedStep >= 0 && failedStep == steps.last() ? failedLayer : -1;
  }

  /** Every unit of an evaluation is in. */
  public void evaluated(Evaluation evaluation, long version, StepSums sums) {
    steps.evaluated(evaluation, version, sums);
    if (phase == Phase.EVALUATING && version == steps.last()) {
      openEvaluations.remove(evaluation);
      endWhenAllIsDone();
    }
  }

  /** Whoever asked for the run has the weights. */
  public void weightsKept() {
    weightsKept = true;
    endWhenAllIsDone();
  }

  private void endWhenAllIsDone() {
    if (phase == Phase.EVALUATING && weightsKept && openEvaluations.isEmpty()) {
      enter(Phase.ENDED, "", null);
      orders.ended(new RunEnd(steps.last(), divergedLayer(), List.copyOf(work)));
      members.keySet().forEach(orders::close);
    }
  }

  // What goes wrong.

  /**
   * The time limit is over.
   *
   * @param patienceSeconds how long enough nodes were waited for
   */
  public void timedOut(String doing, int patienceSeconds) {
    fail(
        phase == Phase.ASSEMBLING
            ? "not enough nodes within %d s: %s".formatted(patienceSeconds, missing())
            : "%s took too long; still awaited: %s".formatted(doing, awaited()));
  }

  private String missing() {
    int workers = members.values().stream().mapToInt(m -> m.slots).sum();
    return "expected %d workers and room for %d shards, found %d and %d"
        .formatted(shape.workers(), shape.shards(), workers, Placement.room(members.values()));
  }

  private String awaited() {
    List<String> names = new ArrayList<>();
    awaitedNodes.forEach(node -> names.add(members.get(node).name));
    awaitedShards.forEach(
        shard -> names.add("shard %d of %s".formatted(shard, nameOf(placement.serverOf(shard)))));
    openEvaluations.forEach(
        evaluation -> names.add(evaluation.toString().toLowerCase(Locale.ROOT)));
    if (phase == Phase.EVALUATING && !weightsKept) {
      names.add("the weights at whoever asked for the run");
    }
    return String.join(", ", names);
  }

  private String nameOf(int node) {
    return members.get(node).name;
  }

  /** Ends the run without a result. */
  public void fail(String why) {
    if (!over()) {
      enter(Phase.ENDED, "", null);
      orders.failed(why);
      members.keySet().forEach(orders::close);
    }
  }

  /** Whether the run is over. */
  public boolean over() {
    return phase == Phase.ENDED;
  }

  private void enter(Phase phase, String doing, Duration limit) {
    this.phase = phase;
    awaitedNodes.clear();
    awaitedShards.clear();
    if (limit == null) {
      orders.unlimited();
    } else {
      orders.limit(doing, limit);
    }
  }
}
