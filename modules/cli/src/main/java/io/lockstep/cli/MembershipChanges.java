package io.lockstep.cli;

import io.lockstep.RunInfo;
import io.lockstep.Training;
import io.lockstep.TrainingListener;
import io.lockstep.cluster.launch.LaunchPlan;
import io.lockstep.cluster.launch.NodeCommands;
import io.lockstep.cluster.launch.PlannedNode;
import io.lockstep.training.RunEvent;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Has worker processes join and leave at the steps that were asked for. The run stands still at
 * each of them until the change holds from the next step on. Used by the thread that trains.
 */
final class MembershipChanges implements TrainingListener {

  private static final long NEVER = Long.MAX_VALUE;

  private final Deque<MembershipChange> coming;
  private final Training training;
  private final LaunchedRun run;
  private final LaunchPlan plan;
  private final NodeCommands commands;
  private final Deque<String> workers = new ArrayDeque<>();
  private Optional<AwaitedChange> awaited = Optional.empty();

  /** Who computes, by the newest plan. */
  private List<String> planned;

  private int started;

  MembershipChanges(
      List<MembershipChange> changes,
      Training training,
      LaunchedRun run,
      LaunchPlan plan,
      NodeCommands commands) {
    this.coming = new ArrayDeque<>(sorted(changes));
    this.training = training;
    this.run = run;
    this.plan = plan;
    this.commands = commands;
    plan.nodes().stream()
        .filter(node -> node.slots() > 0)
        .map(PlannedNode::name)
        .forEach(workers::push);
    this.started = workers.size();
    this.planned = List.copyOf(workers);
  }

  /**
   * Two changes at one step, or nobody left to compute, are slips.
   *
   * @param workers worker processes at the start
   */
  static void check(List<MembershipChange> changes, int workers) {
    int left = workers;
    long before = 0;
    for (MembershipChange change : sorted(changes)) {
      left += change.joins() ? 1 : -1;
      if (change.step() == before || left < 1) {
        throw new BadInputException(
            "--change: expected changes at different steps that leave a worker, found one at step %d %s"
                .formatted(change.step(), left < 1 ? "that leaves none" : "twice"));
      }
      before = change.step();
    }
  }

  private static List<MembershipChange> sorted(List<MembershipChange> changes) {
    return changes.stream().sorted(Comparator.comparingLong(MembershipChange::step)).toList();
  }

  private long next() {
    return coming.isEmpty() ? NEVER : coming.peek().step();
  }

  @Override
  public void onStart(RunInfo info) {
    if (!coming.isEmpty()) {
      training.hold(next());
    }
  }

  @Override
  public void onHeld(long version) {
    if (coming.poll().joins()) {
      PlannedNode node = plan.oneMoreWorker(started++);
      awaited = Optional.of(new AwaitedChange(node.name(), true));
      run.add(node, commands.of(node), false);
      workers.push(node.name());
    } else if (workers.size() > 1) {
      awaited = Optional.of(new AwaitedChange(workers.peek(), false));
      run.drain(workers.pop());
      goOnIfDone(); // One that was late has no part as it is.
    } else {
      training.stop(); // Others were lost: none can be spared.
    }
  }

  /** Who may not take part will never be planned with, and who was lost need not leave. */
  @Override
  public void onEvent(RunEvent event) {
    if (event.what() == RunEvent.What.REFUSED) {
      training.stop();
    } else if (event.what() == RunEvent.What.LOST) {
      workers.remove(event.node());
    }
  }

  @Override
  public void onPlanned(int number, List<String> nodes) {
    planned = nodes;
    goOnIfDone();
  }

  private void goOnIfDone() {
    if (awaited.isPresent() && awaited.get().isDoneBy(planned)) {
      awaited = Optional.empty();
      run.changed();
      training.release(next());
    }
  }
}
