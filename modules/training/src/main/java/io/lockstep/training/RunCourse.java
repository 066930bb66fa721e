package io.lockstep.training;

import java.util.List;

/**
 * The course of a run, as a plain state machine: which nodes take part, from the first check to the
 * last evaluation, and what each is told. The coordinator's actor only passes messages on to it.
 *
 * <p>It goes through its phases in order: assembling (enough nodes) → preparing (every node has the
 * data and fits) → opening (every shard is there) → restoring (the checkpoint that it goes on from)
 * → connecting (every worker is warm) → training → halting (a stop, or a step that is not finite) →
 * leaving → settling → evaluating → ended. Used by one thread at a time.
 */
public final class RunCourse {

  private static final long NEVER = Long.MAX_VALUE;

  /** The shard of the first bucket. */
  private static final int LEADING = 0;

  private final RunState run;
  private final RunOrders orders;
  private final Ending ending;
  private final Membership membership;
  private final EpochEnds epochEnds;
  private long holdAt = NEVER;

  /**
   * @param orders told what is to be done; its methods must not call back
   */
  public RunCourse(RunShape shape, RunOrders orders) {
    this.orders = orders;
    this.run = new RunState(shape, orders, this::nextHold);
    this.ending = new Ending(run);
    this.membership = new Membership(run, ending);
    this.epochEnds = new EpochEnds(run, ending);
  }

  // How it begins.

  /**
   * A node is there.
   *
   * @param node its number, given once
   * @param slots its workers; 0 if it computes nothing
   * @param shards the most shards that it can hold
   */
  public void offer(int node, String name, int slots, int shards) {
    Member member = new Member(node, name, slots, shards);
    if (run.is(Phase.ASSEMBLING)) {
      run.members.put(node, member);
      Placement.of(run.shape, run.members.values()).ifPresent(this::prepare);
    } else if (run.isBefore(Phase.HALTING) && (member.computes() || run.shape.standbys() > 0)) {
      run.members.put(node, member);
      orders.prepare(node);
    }
  }

  /** Those whom the run does not begin with join later, if they compute. */
  private void prepare(Placement enough) {
    run.placement = enough;
    if (run.shape.standbys() == 0) {
      run.members.values().removeIf(m -> !m.computes() && !enough.founders().contains(m.node));
    }
    run.members.values().forEach(m -> m.founder = enough.founders().contains(m.node));
    run.enter(Phase.PREPARING);
    run.awaitedNodes.addAll(enough.founders());
    run.members.keySet().forEach(orders::prepare);
  }

  /** A node has the data and fits the run. */
  public void prepared(int node) {
    Member member = run.members.get(node);
    if (member == null || member.state != Member.State.OFFERED) {
      return; // It was asked twice.
    }
    member.state = Member.State.PREPARED;
    if (run.is(Phase.PREPARING) && run.lastOfNodes(node)) {
      open();
    } else if (run.is(Phase.TRAINING)) {
      membership.connectNewcomers();
      run.standbys.place();
    }
  }

  private void open() {
    run.enter(Phase.OPENING);
    run.awaitAllShards();
    for (int shard = 0; shard < run.shape.shards(); shard++) {
      orders.open(run.placement.serverOf(shard), shard);
    }
  }

  /** A shard is there. */
  public void opened(int shard) {
    if (run.standbys.opened(shard)) {
      run.steps.takeOver(shard, done -> evaluated(done.evaluation(), done.version(), done.sums()));
      run.checkpoints.moved();
      if (over()) {
        return; // What cannot be copied again was lost.
      }
      if (shard == LEADING) {
        run.goOnAgain();
      }
      ending.moved();
      membership.releaseServers();
    } else if (run.is(Phase.OPENING) && run.lastOfShards(shard)) {
      if (run.shape.first() == 0) {
        connect();
      } else {
        run.enter(Phase.RESTORING);
        run.awaitedBesides.add("the checkpoint of whoever asked for the run");
        orders.restore();
      }
    }
  }

  /** Every shard has its part of the state that the run goes on from. */
  public void restored() {
    if (run.is(Phase.RESTORING)) {
      connect();
    }
  }

  private void connect() {
    List<Member> founders = run.membersThat(m -> m.computes() && m.founder);
    run.plans.begin(founders);
    run.enter(Phase.CONNECTING);
    founders.forEach(m -> run.awaitedNodes.add(m.node));
    founders.forEach(membership::connect);
  }

  /** A node's workers are warm. */
  public void ready(int node) {
    Member member = run.members.get(node);
    if (member == null || member.state != Member.State.CONNECTING) {
      return; // It was asked twice.
    }
    member.state = Member.State.READY;
    if (run.is(Phase.CONNECTING) && run.lastOfNodes(node)) {
      begin();
    } else {
      run.standbys.ready(member);
      membership.replan();
    }
  }

  private void begin() {
    run.enter(Phase.TRAINING);
    orders.started();
    if (ending.stopping() || run.shape.first() == run.shape.steps()) {
      ending.halt(); // No step begins: the weights stay the first ones.
      return;
    }
    run.checkpoints.name();
    if (holdAt != NEVER) {
      orders.hold(run.placement.lead(), holdAt);
    }
    orders.activate(run.placement.lead(), run.plans.current().number(), true);
    membership.connectNewcomers();
    membership.replan(); // Some may have asked to go meanwhile.
    run.standbys.place();
  }

  // Who joins and leaves.

  /**
   * To be called now and then: asks again those who owe an answer, for a message may be lost with a
   * connection.
   */
  public void remind() {
    membership.remind();
  }

  /** A node knows a plan. */
  public void planKnown(int node, int plan) {
    membership.known(node, plan);
  }

  /** A plan holds from step {@code version} on. */
  public void begun(long version, int plan) {
    membership.begun(version, plan);
  }

  /** A node wants to go; it is released when no plan needs it any more. */
  public void drain(int node) {
    membership.drain(node);
  }

  /** A node does not fit the run, or cannot take part any more. */
  public void refused(int node, String why) {
    membership.refused(node, why);
  }

  /** A node is gone. */
  public void lost(int node, String why) {
    membership.lost(node, why);
  }

  // Steps.

  /**
   * A shard has done steps.
   *
   * @param next the version that it has now
   * @param sums those of the steps since its last report, from the leading shard; else empty
   */
  public void stepsDone(int shard, long next, List<StepSums> sums) {
    run.steps.reached(shard, next);
    run.steps.add(next, sums);
    ending.commit();
    if (run.is(Phase.TRAINING)) {
      membership.askWhoIsBack();
      run.standbys.place();
      membership.releaseDrained();
      membership.releaseServers();
    }
    replanWhereItStandsStill();
  }

  /**
   * A shard waits for the totals over all of θ of a step; repeated as long as it does.
   *
   * @param part what it adds to them
   */
  public void measured(int shard, long step, TotalsPart part) {
    run.totals.measured(shard, step, part);
  }

  /** Who came while a change was under way would else have to wait for a step to begin. */
  private void replanWhereItStandsStill() {
    if (run.steps.standsStill()) {
      membership.replan();
    }
  }

  /**
   * A node tells how fast it computes; repeated while it does.
   *
   * @param nanosPerMicroBatch how long one of its workers computes at a micro-batch
   */
  public void speed(int node, double nanosPerMicroBatch) {
    membership.speed(node, nanosPerMicroBatch);
  }

  /**
   * A shard has waited for a step, or the leading one for an evaluation, much longer than usual.
   *
   * @param times how often it has told so of this step
   */
  public void late(OpenStep open, int times) {
    membership.late(open, times);
  }

  /** A step of a shard is not finite. */
  public void stepFailed(int shard, long step, int layer) {
    ending.stepFailed(shard, step, layer);
  }

  /** Every unit of an evaluation is in. */
  public void evaluated(Evaluation evaluation, long version, StepSums sums) {
    if (run.steps.isEvaluated(evaluation, version)) {
      return; // The shard's server before has told of it.
    }
    ending.evaluated(evaluation, version, sums);
    if (evaluation == Evaluation.VALIDATION) {
      epochEnds.validated(version, sums);
    }
  }

  private long nextHold() {
    return ending.stopping() ? 0 : holdAt;
  }

  /**
   * Lets the run stand still at {@code version}, or at the first later one where that is still
   * possible, until {@link #release(long)}.
   */
  public void hold(long version) {
    holdAt = version;
    if (run.is(Phase.TRAINING)) {
      orders.hold(run.placement.lead(), version);
    }
  }

  /** The leading shard will stand still at {@code version}, as it was told to. */
  public void holding(long version) {
    if (ending.stopping()) {
      ending.standsStillAt(version);
    } else if (holdAt != NEVER) { // Else it was released meanwhile.
      run.steps.holdAt(version);
      ending.commit();
      replanWhereItStandsStill();
    }
  }

  /**
   * Lets the run go on.
   *
   * @param nextHold where it is to stand still again; {@link Long#MAX_VALUE} for nowhere
   */
  public void release(long nextHold) {
    if (ending.stopping()) {
      return;
    }
    holdAt = nextHold;
    run.steps.release();
    if (run.is(Phase.TRAINING)) {
      orders.release(run.placement.lead(), nextHold);
    }
  }

  // Checkpoints.

  /** One checkpoint, as soon as possible. */
  public void checkpoint() {
    run.checkpoints.ask();
  }

  /** A shard has a snapshot of {@code version}. */
  public void snapshotTaken(int shard, long version) {
    run.checkpoints.taken(shard, version);
  }

  /** A shard cannot have a snapshot of {@code version} any more. */
  public void snapshotMissed(long version) {
    run.checkpoints.missed(version);
    ending.endWhenAllIsDone();
  }

  /** Whoever asked for the run has kept the checkpoint of {@code version}, or failed to. */
  public void checkpointKept(long version) {
    run.checkpoints.kept(version);
    ending.commit();
    ending.endWhenAllIsDone();
  }

  /** Whoever asked for the run could not fetch the snapshots of {@code version}. */
  public void checkpointLost(long version) {
    run.checkpoints.lost(version);
    if (!over()) {
      ending.commit();
      ending.endWhenAllIsDone();
    }
  }

  // Standbys.

  /** A standby has all of its shard; its reports begin with the step {@code version}. */
  public void filled(int node, int shard, long version) {
    run.standbys.filled(node, shard, version);
    membership.releaseServers();
  }

  /** As {@link #stepsDone}, from a shard's standby. */
  public void stepsMirrored(int shard, long next, List<StepSums> sums) {
    run.steps.addOfStandby(shard, next, sums);
  }

  /** As {@link #evaluated}, from the standby of the leading shard. */
  public void evaluationMirrored(Evaluation evaluation, long version, StepSums sums) {
    run.steps.evaluatedByStandby(LEADING, evaluation, version, sums);
  }

  /** A standby could not be opened, or connected with its shard's server. */
  public void standbyFailed(int node, int shard, String why) {
    run.standbys.failed(node, shard, why);
  }

  /** A shard has waited for its standby much longer than for a usual step. */
  public void standbyLate(int shard) {
    run.standbys.late(shard);
  }

  /**
   * A node has let go of a shard's server.
   *
   * @param version the newest step that it has seen begin; -1 if none
   * @param plan the plan of that step
   * @param since the first step that it has seen begin under that plan
   */
  public void forsaken(int node, int shard, long version, int plan, long since) {
    if (version >= 0) {
      membership.begun(since, plan); // Nobody else may be left to tell of it.
    }
    run.standbys.forsaken(node, shard, version, plan);
  }

  /** A node is connected with a shard's new server. */
  public void reconnected(int node, int shard) {
    run.standbys.reconnected(node, shard);
  }

  // The end.

  /** Ends the run at the last version that every shard has, once it has begun. */
  public void stop() {
    ending.stop();
  }

  /** A shard commits nothing after {@code version}; all before it was told. */
  public void halted(int shard, long version) {
    ending.halted(shard, version);
  }

  /**
   * A node's workers have left the steps.
   *
   * @param microBatches those that each of its workers computed
   * @param traffic what travelled between it and the parameter servers
   */
  public void left(int node, List<Long> microBatches, DataPlane.Traffic traffic) {
    ending.left(node, microBatches, traffic);
  }

  /** A node has fallen back to the last version. */
  public void settled(int node) {
    ending.settled(node);
  }

  /** Whoever asked for the run has the weights. */
  public void weightsKept() {
    ending.weightsKept();
  }

  /**
   * The time limit is over.
   *
   * @param patienceSeconds how long enough nodes were waited for
   */
  public void timedOut(String doing, int patienceSeconds) {
    if (run.is(Phase.TRAINING) && ending.stopping()) {
      ending.halt(); // Without its last checkpoint.
      return;
    }
    run.fail(
        run.is(Phase.ASSEMBLING)
            ? "not enough nodes within %d s: %s".formatted(patienceSeconds, run.missing())
            : "%s took too long; still awaited: %s".formatted(doing, run.awaited()));
  }

  /** Ends the run without a result. */
  public void fail(String why) {
    run.fail(why);
  }

  /** Whether the run cannot go on without a node, since only that has a shard. */
  boolean holdsShardAlone(int node) {
    return run.holdsShard(node) && !run.standbys.cover(node);
  }

  /** Whether the run is over. */
  public boolean over() {
    return run.is(Phase.ENDED);
  }
}
