package io.lockstep.cli;

import static java.util.stream.Collectors.joining;

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
import java.util.Random;
import java.util.function.Consumer;

/**
 * Has worker processes join and leave at the steps that were asked for. The run stands still at
 * each of them until the change holds from the next step on. Used by the thread that trains.
 */
final class Interruptions implements TrainingListener {

  private static final long NEVER = Long.MAX_VALUE;

  private final Deque<Interruption> coming;
  private final Training training;
  private final LaunchedRun run;
  private final LaunchPlan plan;
  private final NodeCommands commands;
  private final Deque<String> workers = new ArrayDeque<>();
  private Optional<AwaitedChange> awaited = Optional.empty();

  /** Who computes, by the newest plan. */
  private List<String> planned;

  private int started;

  private final Consumer<Interruption> done;

  /**
   * @param done told of each that has happened
   */
  Interruptions(
      List<Interruption> asked,
      Consumer<Interruption> done,
      Training training,
      LaunchedRun run,
      LaunchPlan plan,
      NodeCommands commands) {
    this.coming = new ArrayDeque<>(sorted(asked));
    this.done = done;
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
   * Two at one step, nobody left to compute, or an unknown node, are slips.
   *
   * @param plan who is there at the start
   */
  static void check(List<Interruption> asked, LaunchPlan plan) {
    int left = plan.nodes().size() - plan.servers();
    long before = 0;
    for (Interruption one : sorted(asked)) {
      left += effect(one, plan);
      if (one.step() == before || left < 1) {
        throw new BadInputException(
            "--change, --chaos: expected changes at different steps that leave a worker, found one at step %d %s"
                .formatted(one.step(), left < 1 ? "that leaves none" : "twice"));
      }
      before = one.step();
    }
  }

  /** By how much it changes the number of workers. */
  private static int effect(Interruption one, LaunchPlan plan) {
    return switch (one) {
      case MembershipChange change -> change.joins() ? 1 : -1;
      case Fault fault -> {
        Optional<PlannedNode> node =
            plan.nodes().stream().filter(n -> n.name().equals(fault.node())).findFirst();
        if (node.isEmpty() && !fault.node().equals(Fault.ANY)) {
          throw new BadInputException(
              "--chaos: expected one of %s, or any, but found %s"
                  .formatted(
                      plan.nodes().stream().map(PlannedNode::name).collect(joining(", ")),
                      fault.node()));
        }
        boolean works = node.isEmpty() || node.get().slots() > 0;
        yield fault.kind() == Fault.Kind.KILL && works ? -1 : 0;
      }
    };
  }

  private static List<Interruption> sorted(List<Interruption> asked) {
    return asked.stream().sorted(Comparator.comparingLong(Interruption::step)).toList();
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
    Interruption due = coming.poll();
    done.accept(due);
    switch (due) {
      case MembershipChange change -> change(change.joins());
      case Fault fault -> fail(fault);
    }
  }

  private void change(boolean joins) {
    if (joins) {
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

  private void fail(Fault fault) {
    String node = fault.node().equals(Fault.ANY) ? anyWorker(fault.step()) : fault.node();
    switch (fault.kind()) {
      case KILL -> {
        workers.remove(node);
        run.kill(node);
      }
      case PAUSE -> run.pause(node, fault.pause());
    }
    training.release(next());
  }

  /** The same one each time that the same launch gets there. */
  private String anyWorker(long step) {
    List<String> living = workers.stream().sorted().toList();
    return living.get(new Random(step).nextInt(living.size()));
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
