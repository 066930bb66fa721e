package io.lockstep.training;

import io.lockstep.nn.Sums;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The course of a run, as a plain state machine: which nodes take part, from the first check to the
 * last evaluation, and what each is told. The coordinator's actor only passes messages on to it.
 *
 * <p>Phases: assembling (enough nodes) → preparing (every node has the data and fits) → opening
 * (every shard is there) → connecting (every worker is warm) → training → halting (a stop, or a step
 * that is not finite) → leaving → settling →
 * evaluating → ended. Used by one thread at a time.
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
  private final Set<Integer> awaited = new TreeSet<>();
  private final int[] serverOf;
  private final long[] next;
  private final ArrayDeque<StepSums> uncommitted = new ArrayDeque<>();
  private long committed;
  private final ArrayDeque<Evaluated> unreported = new ArrayDeque<>();
  private final Map<Evaluation, Evaluated> evaluated = new EnumMap<>(Evaluation.class);
  private final Set<Evaluation> openEvaluations = new TreeSet<>();
  private long failedStep = -1;
  private int failedLayer = Sums.NONE;
  private long version = Long.MAX_VALUE;
  private final PlanChange plans = new PlanChange();
  private final List<RunEnd.NodeWork> work = new ArrayList<>();
  private long holdAt = NEVER;
  private boolean stopping;
  private boolean halted;
  private boolean weightsKept;

  private record Evaluated(Evaluation evaluation, long version, StepSums sums) {}

  /** The change of plan that is under way, one at a time. */
  private static final class PlanChange {
    Plan current;
    Plan coming;
    final Set<Integer> awaited = new TreeSet<>();
    final Set<Integer> leaving = new TreeSet<>();
  }

  private enum State {
    OFFERED,
    PREPARED,
    CONNECTING,
    READY,
    LEFT
  }

  /** A node that takes part. */
  private static final class Member {
    final int node;
    final String name;
    final int slots;
    final int shards;
    State state = State.OFFERED;
    boolean founder;
    boolean draining;

    Member(int node, String name, int slots, int shards) {
      this.node = node;
      this.name = name;
      this.slots = slots;
      this.shards = shards;
    }
  }

  /**
   * @param orders told what is to be done; its methods must not call back
   */
  public RunCourse(RunShape shape, RunOrders orders) {
    this.shape = shape;
    this.orders = orders;
    this.serverOf = new int[shape.shards()];
    this.next = new long[shape.shards()];
    Arrays.fill(serverOf, -1);
  }

  // Membership.

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
      assemble();
    } else if (slots > 0 && phase.compareTo(Phase.HALTING) < 0) {
      members.put(node, member);
      orders.prepare(node);
    }
  }

  private void assemble() {
    List<Member> workers = members.values().stream().filter(m -> m.slots > 0).toList();
    int room = members.values().stream().mapToInt(m -> m.shards).sum();
    Set<Integer> chosen = new TreeSet<>();
    int slots = 0;
    for (Member worker : workers) {
      if (slots < shape.workers()) {
        slots += worker.slots;
        chosen.add(worker.node);
      }
    }
    if (slots < shape.workers() || room < shape.shards()) {
      return;
    }
    placeShards(chosen);
    members.keySet().retainAll(chosen);
    members.values().forEach(member -> member.founder = true);
    enter(Phase.PREPARING, "reading the data", PREPARING_LIMIT, chosen);
    chosen.forEach(orders::prepare);
  }

  /** One shard for each node in turn, until all have a place. */
  private void placeShards(Set<Integer> chosen) {
    int[] taken = new int[members.keySet().stream().mapToInt(n -> n).max().orElse(0) + 1];
    int shard = 0;
    while (shard < shape.shards()) {
      for (Member member : members.values()) {
        if (shard < shape.shards() && taken[member.node] < member.shards) {
          taken[member.node]++;
          serverOf[shard++] = member.node;
          chosen.add(member.node);
        }
      }
    }
  }

  /** What a run that cannot begin is waiting for. */
  private String missing() {
    long workers = members.values().stream().mapToInt(m -> m.slots).sum();
    long room = members.values().stream().mapToInt(m -> m.shards).sum();
    return "expected %d workers and room for %d shards, found %d and %d"
        .formatted(shape.workers(), shape.shards(), workers, room);
  }

  /** A node has the data and fits the run. */
  public void prepared(int node) {
    Member member = members.get(node);
    if (member == null) {
      return;
    }
    member.state = State.PREPARED;
    if (phase == Phase.PREPARING && awaited.remove(node)) {
      if (awaited.isEmpty()) {
        open();
      }
    } else if (phase == Phase.TRAINING) {
      connectNewcomers();
    }
  }

  private void connectNewcomers() {
    for (Member member : members.values()) {
      if (member.slots > 0 && member.state == State.PREPARED) {
        member.state = State.CONNECTING;
        orders.connect(member.node, plans.current);
      }
    }
  }

  /** A node does not fit the run, or cannot take part. */
  public void refused(int node, String why) {
    Member member = members.get(node);
    if (member == null) {
      return;
    }
    if (holdsShard(node) || awaited.contains(node)) {
      fail(member.name + " cannot take part: " + why);
    } else {
      members.remove(node);
      orders.event(new RunEvent(RunEvent.What.REFUSED, committed, member.name, why));
    }
  }

  private void open() {
    Set<Integer> shards = new TreeSet<>();
    for (int shard = 0; shard < serverOf.length; shard++) {
      shards.add(shard);
    }
    enter(Phase.OPENING, "opening shards", OPENING_LIMIT, shards);
    shards.forEach(shard -> orders.open(serverOf[shard], shard));
  }

  /** A shard is there. */
  public void opened(int shard) {
    if (phase == Phase.OPENING && awaited.remove(shard) && awaited.isEmpty()) {
      connect();
    }
  }

  private void connect() {
    List<Member> workers = members.values().stream().filter(m -> m.slots > 0 && m.founder).toList();
    plans.current = plan(1, workers);
    Set<Integer> nodes = new TreeSet<>();
    workers.forEach(m -> nodes.add(m.node));
    enter(Phase.CONNECTING, "connecting and warming workers", CONNECTING_LIMIT, nodes);
    for (Member worker : workers) {
      worker.state = State.CONNECTING;
      orders.connect(worker.node, plans.current);
    }
  }

  private static Plan plan(int number, Collection<Member> workers) {
    return new Plan(
        number, workers.stream().map(m -> new Plan.Share(m.node, m.slots)).toList());
  }

  /** A node's workers are warm. */
  public void ready(int node) {
    Member member = members.get(node);
    if (member == null) {
      return;
    }
    member.state = State.READY;
    if (phase == Phase.CONNECTING && awaited.remove(node)) {
      if (awaited.isEmpty()) {
        begin();
      }
    } else if (phase == Phase.TRAINING) {
      replan();
    }
  }

  private void begin() {
    enter(Phase.TRAINING, "training", null, Set.of());
    orders.started();
    if (holdAt != NEVER) {
      orders.hold(lead(), holdAt);
    }
    orders.activate(lead(), plans.current.number(), true);
    if (stopping) {
      halt();
    } else {
      connectNewcomers();
    }
  }

  private int lead() {
    return serverOf[0];
  }

  private boolean holdsShard(int node) {
    return Arrays.stream(serverOf).anyMatch(server -> server == node);
  }

  // Plans.

  /** Plans anew where those who can compute are not those of the current plan. */
  private void replan() {
    if (phase != Phase.TRAINING || plans.coming != null) {
      return;
    }
    List<Member> workers = members.values().stream().filter(m -> m.state == State.READY && !m.draining).toList();
    if (workers.isEmpty()) {
      stop();
      return;
    }
    Plan coming = plan(plans.current.number() + 1, workers);
    if (coming.shares().equals(plans.current.shares())) {
      return;
    }
    plans.coming = coming;
    plans.awaited.clear();
    Stream.concat(coming.shares().stream(), plans.current.shares().stream())
        .forEach(share -> plans.awaited.add(share.node()));
    Set.copyOf(plans.awaited).forEach(node -> orders.know(node, coming));
  }

  /** A node knows a plan. */
  public void planKnown(int node, int plan) {
    if (plans.coming != null && plans.coming.number() == plan && plans.awaited.remove(node)) {
      if (plans.awaited.isEmpty()) {
        orders.activate(lead(), plan, false);
        orders.planned(plan);
      }
    }
  }

  /** A plan holds from step {@code version} on. */
  public void begun(long version, int plan) {
    if (plans.coming == null || plans.coming.number() != plan) {
      return;
    }
    Plan before = plans.current;
    plans.current = plans.coming;
    plans.coming = null;
    for (Plan.Share share : plans.current.shares()) {
      if (before.positionOf(share.node()) < 0) {
        orders.event(event(RunEvent.What.JOINED, version, share.node()));
      }
    }
    for (Plan.Share share : before.shares()) {
      if (plans.current.positionOf(share.node()) < 0) {
        orders.event(event(RunEvent.What.LEFT, version, share.node()));
        plans.leaving.add(share.node());
        orders.leave(share.node());
      }
    }
    replan();
  }

  private RunEvent event(RunEvent.What what, long step, int node) {
    return new RunEvent(what, step, members.get(node).name, "");
  }

  /** A node wants to go; it is released when no plan needs it any more. */
  public void drain(int node) {
    Member member = members.get(node);
    if (member == null || member.draining) {
      return;
    }
    if (holdsShard(node)) {
      stop(); // Its shard has no other place.
      return;
    }
    member.draining = true;
    if (member.state != State.READY && !member.founder) {
      members.remove(node);
      orders.close(node);
    } else {
      replan();
    }
  }

  /** A node is gone. */
  public void lost(int node, String why) {
    Member member = members.remove(node);
    if (member == null || phase == Phase.ENDED) {
      return;
    }
    boolean needed =
        holdsShard(node)
            || phase != Phase.ASSEMBLING && phase.compareTo(Phase.TRAINING) < 0
            || plans.current != null && plans.current.positionOf(node) >= 0
            || plans.coming != null && plans.coming.positionOf(node) >= 0;
    if (needed) {
      fail(member.name + " was lost: " + why);
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
    this.next[shard] = Math.max(this.next[shard], next);
    uncommitted.addAll(sums);
    commit();
  }

  private void commit() {
    long all = Math.min(Arrays.stream(next).min().orElseThrow(), version);
    int count = (int) Math.min(all - committed, uncommitted.size());
    if (count > 0) {
      List<StepSums> sums = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        sums.add(uncommitted.poll());
      }
      orders.steps(committed, sums);
      committed += count;
    }
    while (!unreported.isEmpty() && unreported.peek().version() <= committed) {
      report(unreported.poll());
    }
    if (committed == holdAt) {
      holdAt = NEVER;
      orders.held(committed);
    }
    if (phase == Phase.TRAINING && committed == shape.steps()) {
      version = committed;
      awaitLeaving();
    }
    concludeHalt();
  }

  /** A step of a shard is not finite. */
  public void stepFailed(int shard, long step, int layer) {
    failedStep = step;
    failedLayer = Math.min(failedLayer, layer);
    next[shard] = Math.max(next[shard], step);
    halt();
    concludeHalt();
  }

  private void concludeHalt() {
    if (phase == Phase.HALTING && awaited.isEmpty()) {
      awaitLeaving();
    }
  }

  /** Ends the run at the last version that every shard has, once it has begun. */
  public void stop() {
    stopping = true;
    halt();
  }

  private void halt() {
    if (phase != Phase.TRAINING) {
      return;
    }
    Set<Integer> shards = new TreeSet<>();
    for (int shard = 0; shard < serverOf.length; shard++) {
      shards.add(shard);
    }
    enter(Phase.HALTING, "halting", HALTING_LIMIT, shards);
    servers().forEach(orders::halt);
  }

  private Set<Integer> servers() {
    Set<Integer> servers = new TreeSet<>();
    Arrays.stream(serverOf).forEach(servers::add);
    return servers;
  }

  /** A shard commits nothing after {@code version}. */
  public void halted(int shard, long version) {
    if (phase == Phase.HALTING && awaited.remove(shard)) {
      this.version = Math.min(this.version, version);
      next[shard] = Math.max(next[shard], version);
      if (awaited.isEmpty()) {
        commit();
      }
    }
  }

  // The end.

  private void awaitLeaving() {
    halted = phase == Phase.HALTING;
    Set<Integer> nodes = new TreeSet<>();
    members.values().stream().filter(m -> m.state == State.READY).forEach(m -> nodes.add(m.node));
    enter(Phase.LEAVING, "leaving the steps", LEAVING_LIMIT, nodes);
    // After the last step those of the plan leave by themselves; others may not see it begin.
    nodes.stream()
        .filter(node -> halted || plans.current.positionOf(node) < 0)
        .forEach(orders::leave);
    if (nodes.isEmpty()) {
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
    member.state = State.LEFT;
    work.add(
        new RunEnd.NodeWork(
            member.name, microBatches, traffic.bytesSent(), traffic.bytesReceived()));
    if (plans.leaving.remove(node)) {
      members.remove(node);
      orders.close(node);
    }
    if (phase == Phase.LEAVING && awaited.remove(node) && awaited.isEmpty()) {
      settle();
    }
  }

  /** After the last step every shard has that version; after a halt one may have a newer one. */
  private void settle() {
    Set<Integer> nodes = halted ? new TreeSet<>(members.keySet()) : Set.of();
    enter(Phase.SETTLING, "falling back to the last version", HALTING_LIMIT, nodes);
    nodes.forEach(node -> orders.settle(node, version));
    if (!halted) {
      evaluate();
    }
  }

  /** A node has fallen back to the last version. */
  public void settled(int node) {
    if (phase == Phase.SETTLING && awaited.remove(node) && awaited.isEmpty()) {
      evaluate();
    }
  }

  private void evaluate() {
    boolean diverged = failedStep >= 0 && failedStep == version;
    orders.trained(version, diverged ? failedLayer : -1);
    openEvaluations.clear();
    for (Evaluation evaluation : shape.evaluations()) {
      Evaluated known = evaluated.get(evaluation);
      if (known == null || known.version() != version) {
        openEvaluations.add(evaluation);
      }
    }
    List<Evaluation> open = List.copyOf(openEvaluations);
    enter(Phase.EVALUATING, "evaluating", EVALUATION_LIMIT, Set.of());
    if (!open.isEmpty()) {
      plans.current.shares().stream()
          .filter(share -> members.containsKey(share.node()))
          .forEach(share -> orders.evaluate(share.node(), open, version));
    }
    endWhenAllIsDone();
  }

  /** Every unit of an evaluation is in. */
  public void evaluated(Evaluation evaluation, long version, StepSums sums) {
    Evaluated done = new Evaluated(evaluation, version, sums);
    evaluated.put(evaluation, done);
    if (version <= committed) {
      report(done);
    } else {
      unreported.add(done);
    }
    if (phase == Phase.EVALUATING && version == this.version) {
      openEvaluations.remove(evaluation);
      endWhenAllIsDone();
    }
  }

  private void report(Evaluated done) {
    orders.evaluated(done.evaluation(), done.version(), done.sums());
  }

  /** Whoever asked for the run has the weights. */
  public void weightsKept() {
    weightsKept = true;
    endWhenAllIsDone();
  }

  private void endWhenAllIsDone() {
    if (phase == Phase.EVALUATING && weightsKept && openEvaluations.isEmpty()) {
      phase = Phase.ENDED;
      orders.unlimited();
      boolean diverged = failedStep >= 0 && failedStep == version;
      orders.ended(new RunEnd(version, diverged ? failedLayer : -1, List.copyOf(work)));
      members.keySet().forEach(orders::close);
    }
  }

  // Standing still.

  /** Lets the run stand still when it has reached {@code version}, until {@link #release(long)}. */
  public void hold(long version) {
    holdAt = version;
    if (phase == Phase.TRAINING) {
      orders.hold(lead(), version);
    }
  }

  /**
   * Lets the run go on.
   *
   * @param nextHold where it is to stand still again; {@link Long#MAX_VALUE} for nowhere
   */
  public void release(long nextHold) {
    holdAt = nextHold;
    if (phase == Phase.TRAINING) {
      orders.release(lead(), nextHold);
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
            : "%s took too long; still awaited: %s".formatted(doing, awaited));
  }

  /** Ends the run without a result. */
  public void fail(String why) {
    if (phase != Phase.ENDED) {
      phase = Phase.ENDED;
      orders.unlimited();
      orders.failed(why);
      members.keySet().forEach(orders::close);
    }
  }

  /** Whether the run is over. */
  public boolean over() {
    return phase == Phase.ENDED;
  }

  private void enter(Phase phase, String doing, Duration limit, Set<Integer> awaited) {
    this.phase = phase;
    this.awaited.clear();
    this.awaited.addAll(awaited);
    if (limit == null) {
      orders.unlimited();
    } else {
      orders.limit(doing, limit);
    }
  }
}
