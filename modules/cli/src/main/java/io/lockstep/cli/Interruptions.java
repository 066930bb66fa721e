package io.lockstep.cli;

import io.lockstep.RunInfo;
import io.lockstep.Training;
import io.lockstep.TrainingListener;
import io.lockstep.model.RunSummary;
import io.lockstep.training.RunEvent;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Has workers join and leave, and failures happen, at the steps that were asked for; and has one
 * join where the last one was lost. The run stands still at each of them, until a change holds from
 * the next step on or a failure was made. Used by the thread that trains; where a hold is over, any
 * thread lets the run go on.
 */
final class Interruptions implements TrainingListener {

  private static final long NEVER = Long.MAX_VALUE;

  /** So many that did not happen are named. */
  private static final int NAMED = 3;

  /** Hears what became of them. */
  @FunctionalInterface
  interface Told {

    /** One happens now. */
    default void happened(Interruption one) {}

    /** Some did not happen; a sentence for people. */
    void missed(String warning);
  }

  private final Deque<Interruption> coming;
  private final Told told;
  private final Training training;
  private final InterruptedNodes nodes;
  private final Deque<String> workers = new ArrayDeque<>();
  private Optional<AwaitedChange> awaited = Optional.empty();

  /** Who computes, by the newest plan. */
  private List<String> planned;

  private int started;

  /** What has happened since the last failure that was made. */
  private final Set<Hold.Until> happened = EnumSet.noneOf(Hold.Until.class);

  private Hold.Until heldUntil = Hold.Until.TIME;

  /** Completed where the run is to go on. */
  private CompletableFuture<Void> held = CompletableFuture.completedFuture(null);

  Interruptions(List<Interruption> asked, Told told, Training training, InterruptedNodes nodes) {
    this.coming = new ArrayDeque<>(sorted(asked));
    this.told = told;
    this.training = training;
    this.nodes = nodes;
    nodes.workers().forEach(workers::push);
    this.started = workers.size();
    this.planned = List.copyOf(workers);
  }

  /**
   * Two at one step, nobody left to compute, or an unknown node, are slips.
   *
   * @param workers who computes at the start
   * @param others who else there is
   */
  static void check(List<Interruption> asked, List<String> workers, List<String> others) {
    int left = workers.size();
    long before = 0;
    for (Interruption one : sorted(asked)) {
      requireKnown(one, workers, others);
      left += effect(one, others);
      if (one.step() == before) {
        throw new BadInputException(
            "--change, --chaos: expected at most one at each step, found two at step " + before);
      }
      if (left < 1) {
        throw new BadInputException(
            "--change, --chaos: expected a worker that is left, found none after step "
                + one.step());
      }
      before = one.step();
    }
  }

  private static void requireKnown(Interruption one, List<String> workers, List<String> others) {
    List<String> known = Stream.of(others, workers).flatMap(List::stream).toList();
    if (one instanceof Fault fault
        && !fault.node().equals(Fault.ANY)
        && !known.contains(fault.node())) {
      throw new BadInputException(
          "--chaos: expected one of %s, or any, but found %s"
              .formatted(String.join(", ", known), fault.node()));
    }
  }

  /** By how much it changes the number of workers. */
  private static int effect(Interruption one, List<String> others) {
    return switch (one) {
      case MembershipChange change -> change.joins() ? 1 : -1;
      case Fault fault -> fault.kills() && !others.contains(fault.node()) ? -1 : 0;
      case Hold hold -> 0;
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
    told.happened(due);
    switch (due) {
      case MembershipChange change -> change(change.joins());
      case Fault fault -> fail(fault);
      case Hold hold -> hold(hold);
    }
  }

  private void change(boolean joins) {
    if (joins) {
      String worker = nodes.join(started++);
      awaited = Optional.of(new AwaitedChange(worker, true));
      workers.push(worker);
    } else if (workers.size() > 1) {
      awaited = Optional.of(new AwaitedChange(workers.peek(), false));
      nodes.drain(workers.pop());
      goOnIfDone(); // One that was late has no part as it is.
    } else {
      training.stop(); // Others were lost: none can be spared.
    }
  }

  private void fail(Fault fault) {
    happened.clear();
    Optional<String> node =
        fault.node().equals(Fault.ANY) ? anyWorker(fault.step()) : Optional.of(fault.node());
    node.ifPresent(
        victim -> {
          if (fault.kills()) {
            workers.remove(victim);
          }
          nodes.suffer(victim, fault.what());
        });
    training.release(next());
  }

  private void hold(Hold hold) {
    long nextHold = next();
    heldUntil = hold.until();
    held =
        new CompletableFuture<Void>()
            .completeOnTimeout(null, hold.time().toSeconds(), TimeUnit.SECONDS);
    var _ = held.thenRun(() -> training.release(nextHold));
    if (happened.contains(heldUntil)) {
      held.complete(null);
    }
  }

  private void happened(Hold.Until what) {
    happened.add(what);
    if (heldUntil == what) {
      held.complete(null);
    }
  }

  /** The same one each time that the same launch gets there; empty while all are lost. */
  private Optional<String> anyWorker(long step) {
    List<String> living = workers.stream().sorted().toList();
    return living.isEmpty()
        ? Optional.empty()
        : Optional.of(living.get(new Random(step).nextInt(living.size())));
  }

  /**
   * Who may not take part will never be planned with. Who was lost need not leave, until it is back
   * under its name, as after a broken connection.
   */
  @Override
  public void onEvent(RunEvent event) {
    if (event.what() == RunEvent.What.REFUSED) {
      training.stop();
    } else if (event.what() == RunEvent.What.LOST) {
      workers.remove(event.node());
      happened(Hold.Until.LOST);
    } else if (event.what() == RunEvent.What.WAITING) {
      workers.remove(event.node());
      happened(Hold.Until.LOST);
      workers.addLast(nodes.join(started++)); // It was the last one.
      nodes.changed();
    } else if (event.what() == RunEvent.What.JOINED && !workers.contains(event.node())) {
      workers.addLast(event.node());
    }
  }

  @Override
  public void onEnd(RunSummary summary) {
    if (!coming.isEmpty()) {
      told.missed(missed(List.copyOf(coming), summary.steps()));
    }
  }

  private static String missed(List<Interruption> ones, long steps) {
    String named =
        ones.stream().limit(NAMED).map(Interruption::option).collect(Collectors.joining(", "));
    return "%s%s did not happen: the run ended at step %,d"
        .formatted(
            named, ones.size() > NAMED ? " and %d more".formatted(ones.size() - NAMED) : "", steps);
  }

  @Override
  public void onPlanned(int number, List<String> next) {
    if (!planned.containsAll(next)) {
      happened(Hold.Until.JOINED);
    }
    if (!next.containsAll(planned)) {
      happened(Hold.Until.LEFT);
    }
    planned = next;
    goOnIfDone();
  }

  private void goOnIfDone() {
    if (awaited.isPresent() && awaited.get().isDoneBy(planned)) {
      awaited = Optional.empty();
      nodes.changed();
      training.release(next());
    }
  }
}
