package io.lockstep.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Who joins and leaves a run that has begun, or is about to. */
final class Membership {

  private static final int ASK_AFTER_STEPS = 10;
  private static final int MOST_DOUBLINGS = 10;

  /**
   * So often a step is told to be late before a newcomer, whose kernels are cold, counts as late.
   */
  private static final int NEWCOMERS_PATIENCE = 3;

  private final RunState run;
  private final RunOrders orders;
  private final PlanChanges plans;
  private final Ending ending;
  private final Speeds speeds;

  /** Whether any has ever wanted to go, or been late: else no report has all looked at for it. */
  private boolean anyDraining;

  private boolean anyLate;

  Membership(RunState run, Ending ending) {
    this.run = run;
    this.orders = run.orders;
    this.plans = run.plans;
    this.ending = ending;
    this.speeds = new Speeds(run);
  }

  void connect(Member member) {
    member.state = Member.State.CONNECTING;
    run.standbys.connecting(member);
    tellToConnect(member);
  }

  private void tellToConnect(Member member) {
    orders.connect(member.node, plans.current());
  }

  /** Those who have the data connect; they are planned with once they are warm. */
  void connectNewcomers() {
    run.membersThat(m -> m.computes() && m.state == Member.State.PREPARED).forEach(this::connect);
  }

  /** Asks again those who have not said that they are prepared, connected, or know a plan. */
  void remind() {
    if (run.isBefore(Phase.PREPARING) || !run.isBefore(Phase.HALTING)) {
      return;
    }
    run.membersThat(m -> m.state == Member.State.OFFERED).forEach(m -> orders.prepare(m.node));
    run.membersThat(m -> m.state == Member.State.CONNECTING).forEach(this::tellToConnect);
    plans.remind();
    run.standbys.remind();
  }

  /** Plans anew where those who can compute are not those of the current plan. */
  void replan() {
    if (!run.is(Phase.TRAINING) || anyHasLeft()) {
      return;
    }
    if (plans.mayChange(run.steps.standsStill())) {
      List<Member> workers = run.membersThat(m -> m.isReady() && !m.draining);
      if (workers.isEmpty()) {
        ending.stop();
        return;
      }
      List<Member> punctual = workers.stream().filter(m -> !m.late).toList();
      plans.change(punctual.isEmpty() ? workers : punctual);
    }
    releaseDrained();
  }

  /**
   * Whether the last step is done, although not all shards have reported it: none begins any more.
   */
  private boolean anyHasLeft() {
    return run.members.values().stream().anyMatch(Member::hasLeft);
  }

  /** No plan needs them: their gradients of the last step that they had a part in have arrived. */
  void releaseDrained() {
    if (!anyDraining) {
      return;
    }
    long committed = run.steps.committed();
    run.membersThat(m -> m.draining && m.isReady() && !run.holdsShard(m.node)).stream()
        .filter(m -> !plans.includes(m.node) && !plans.needs(m.node, committed))
        .forEach(this::release);
  }

  private void release(Member member) {
    member.state = Member.State.RELEASED;
    orders.leave(member.node);
  }

  void begun(long version, int plan) {
    Plan before = plans.begun(version, plan);
    if (before == null || run.is(Phase.ENDED)) {
      return;
    }
    tellOfThoseOnlyIn(plans.current(), before, RunEvent.What.JOINED, version);
    tellOfThoseOnlyIn(before, plans.current(), RunEvent.What.LEFT, version);
    speeds.change(before, plans.current(), version).ifPresent(orders::event);
    replan();
  }

  private void tellOfThoseOnlyIn(Plan plan, Plan other, RunEvent.What what, long step) {
    plan.shares().stream()
        .filter(share -> other.positionOf(share.node()) < 0)
        .filter(share -> run.members.containsKey(share.node())) // Else it was told as lost.
        .map(share -> new RunEvent(what, step, run.members.get(share.node()).name, ""))
        .forEach(orders::event);
  }

  void drain(int node) {
    Member member = run.members.get(node);
    if (member == null) {
      orders.close(node); // It has no part in the run, or none any more.
      return;
    }
    member.draining = true;
    anyDraining = true;
    run.standbys.without(node);
    if (run.holdsShard(node)) {
      releaseServers();
    } else if (!member.founder && member.isBeforeReady() && run.isBefore(Phase.HALTING)) {
      run.members.remove(node);
      orders.close(node);
      run.standbys.withoutWaitingFor(node);
    } else {
      replan();
    }
  }

  /** Servers that want to go do so when a standby can go on with what they hold. */
  void releaseServers() {
    if (!anyDraining) {
      return;
    }
    for (Member member : run.membersThat(m -> m.draining && run.holdsShard(m.node))) {
      if (run.standbys.cover(member.node)) {
        orders.close(member.node);
        goOnAtOnceWithout(member, RunEvent.What.LEFT, "");
      } else if (!run.standbys.mayCover(member.node)) {
        ending.stop(); // Its shard has no other place.
      }
    }
  }

  void refused(int node, String why) {
    Member member = run.members.get(node);
    if (member == null || run.is(Phase.ENDED)) {
      return;
    }
    if (member.state == Member.State.CONNECTING && run.standbys.knowsOldServers(member)) {
      orders.close(node); // It has looked for a server that has moved.
      member.state = Member.State.OFFERED;
      orders.prepare(node);
      return;
    }
    if (indispensable(member)
        || plans.needs(node, run.steps.committed())) { // Others would fail for the same reason.
      run.fail(member.name + " cannot take part: " + why);
      return;
    }
    tell(RunEvent.What.REFUSED, member, why);
    orders.close(node);
    run.members.remove(node);
    goOnWithout(member);
  }

  private void tell(RunEvent.What what, Member member, String why) {
    orders.event(new RunEvent(what, run.steps.committed(), member.name, why));
  }

  void lost(int node, String why) {
    Member member = run.members.get(node);
    if (member == null || run.is(Phase.ENDED)) {
      return;
    }
    goOnAtOnceWithout(member, RunEvent.What.LOST, why);
  }

  /** Goes on at once without a node, whatever it has of the run, or ends the run as broken. */
  private void goOnAtOnceWithout(Member member, RunEvent.What what, String why) {
    int node = member.node;
    run.members.remove(node);
    long committed = run.steps.committed();
    boolean needed = plans.needs(node, committed);
    boolean last = needed && !plans.eachHasOneOf(run.members.keySet(), committed);
    boolean server = run.holdsShard(node);
    if (last && !indispensable(member) && run.is(Phase.TRAINING) && !ending.stopping()) {
      tell(RunEvent.What.WAITING, member, why);
      run.suspend("the last worker was lost");
      return;
    }
    if (indispensable(member) || last) {
      String rest = last ? "; no worker is left to take over from it" : "";
      run.breakOff(member.name + " was lost: " + why + rest);
      return;
    }
    if (needed || server) {
      tell(what, member, why);
    }
    run.standbys.without(node);
    if (server) {
      run.standbys.replace(node, member.name);
    }
    if (needed) {
      run.membersThat(m -> plans.includes(m.node) || plans.needs(m.node, committed))
          .forEach(m -> orders.takeOver(m.node, node));
    }
    goOnWithout(member);
  }

  /**
   * A step takes so long that someone must have stopped: those of whom something is missing are
   * late if others have done their part. These compute it, too, and the next plan is without those
   * who are late, until they answer again.
   *
   * @param times how often the shard has told so of this step
   */
  void late(OpenStep open, int times) {
    if (open.missing().isEmpty()) {
      return; // It waits for the totals of the other shards, who tell of what they miss.
    }
    boolean trains = run.is(Phase.TRAINING);
    if (trains && plans.activated() && times == 1) {
      return; // Who computes the step is not sure; a plan that has begun will be known by then.
    }
    if (!trains && !run.is(Phase.LEAVING) && !run.is(Phase.EVALUATING)) {
      return;
    }
    List<Member> late = new ArrayList<>();
    List<Member> others = new ArrayList<>();
    List<Integer> gone = new ArrayList<>();
    boolean begun = divide(open, times, late, others, gone);
    if (late.isEmpty() || !begun) {
      // Those who go on shared this out, but did not know of the same lost and late nodes. Said
      // twice, each does it all; the idle, too, who may be all that are left.
      gone.forEach(node -> others.forEach(o -> orders.takeOver(o.node, node, open.step())));
    }
    if (!begun) {
      return; // All who have something to do wait for something else.
    }
    for (Member member : late) {
      others.forEach(other -> orders.takeOver(other.node, member.node, open.step()));
      if (!member.late) {
        setLate(member, open.step());
        ending.doNotAwait(member);
      }
    }
    replan();
  }

  /**
   * Divides those whom the step waits for from those who have done their part, and from those who
   * are gone, whose part others have not done.
   *
   * @return whether any who have done their part had something to do
   */
  private boolean divide(
      OpenStep open, int times, List<Member> late, List<Member> others, List<Integer> gone) {
    Plan plan = plans.of(open.step());
    Assignment assignment = plan.assignment(open.leaves(), Integer.MAX_VALUE);
    boolean begun = false;
    for (int position = 0; position < plan.shares().size(); position++) {
      Member member = run.members.get(plan.shares().get(position).node());
      int from = assignment.firstUnit(position);
      int to = assignment.endUnit(position);
      boolean misses = anyIn(open.missing(), from, to);
      if (member == null && misses) {
        gone.add(plan.shares().get(position).node());
      } else if (member != null && !misses) {
        others.add(member);
        begun |= assignment.isBusy(position);
      } else if (member != null && (times >= NEWCOMERS_PATIENCE || !isCold(member, open.step()))) {
        late.add(member);
      }
    }
    return begun;
  }

  /** Whether any of these numbers, which increase, is in [from, to). */
  private static boolean anyIn(List<Integer> numbers, int from, int to) {
    int found = Collections.binarySearch(numbers, from);
    int first = found < 0 ? -found - 1 : found;
    return first < numbers.size() && numbers.get(first) < to;
  }

  /** Whether the step is its first: its kernels are compiled meanwhile. */
  private boolean isCold(Member member, long step) {
    return member.timesLate == 0 && plans.joined(member.node, step);
  }

  private void setLate(Member member, long step) {
    member.late = true;
    anyLate = true;
    run.standbys.withoutWaitingFor(member.node);
    askLater(member);
    plans.silent(member.node);
    orders.event(new RunEvent(RunEvent.What.LATE, step, member.name, "the others do its part"));
  }

  /** Later each time, since a plan that includes it may cost as much again. */
  private void askLater(Member member) {
    member.timesLate++;
    long steps = (long) ASK_AFTER_STEPS << Math.min(member.timesLate, MOST_DOUBLINGS);
    member.askAt = run.steps.committed() + steps;
  }

  /** Asks those who were late whether they can take part again: by a plan, which they answer. */
  void askWhoIsBack() {
    if (!anyLate) {
      return;
    }
    run.membersThat(m -> m.late && run.steps.committed() >= m.askAt)
        .forEach(
            member -> {
              member.askAt = Long.MAX_VALUE;
              orders.know(member.node, plans.current());
            });
  }

  /** A node knows a plan. */
  void known(int node, int plan) {
    plans.known(node, plan);
    Member member = run.members.get(node);
    if (member != null && member.late && member.askAt == Long.MAX_VALUE) {
      member.late = false;
      plans.back(node);
      replan();
    } else if (run.steps.standsStill()) {
      replan(); // No step begins with the plan: who asked to go meanwhile would wait for one.
    }
  }

  /** A node tells how fast it computes: the next plan follows where that is worthwhile. */
  void speed(int node, double nanosPerMicroBatch) {
    Member member = run.members.get(node);
    if (member != null && speeds.reported(member, nanosPerMicroBatch)) {
      replan();
    }
  }

  /** Whether the run cannot go on, or not begin, without a node, whoever computes. */
  private boolean indispensable(Member member) {
    boolean beginning = run.placement != null && run.isBefore(Phase.TRAINING);
    return run.holdsShard(member.node) && !run.standbys.cover(member.node)
        || beginning && member.founder;
  }

  private void goOnWithout(Member member) {
    plans.lose(member.node);
    run.standbys.withoutWaitingFor(member.node);
    replan();
    ending.withoutWaitingFor(member.node);
  }
}
