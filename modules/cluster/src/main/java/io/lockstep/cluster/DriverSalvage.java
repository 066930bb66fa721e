package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import io.lockstep.training.Endpoint;
import io.lockstep.training.RunEvent;
import io.lockstep.training.Salvage;
import io.lockstep.training.StepSums;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Brings together what is left of a run whose coordinator, or last worker, was lost: asks the
 * coordinator that there is now for the nodes, these for what they have of each shard and for the
 * steps that nobody has told of, and has them hand the shards over. Then the run goes on from that.
 * Used by the driver's actor.
 */
final class DriverSalvage {

  /** What it leads to; called once, but for {@link #answered}. */
  interface Outcome {

    /** There is another coordinator. */
    void answered(ActorRef<Coordinator.Command> coordinator);

    /**
     * What is left suffices, and all before it was told.
     *
     * @param version that the run goes on from
     */
    void goesOn(Driver.Transfer.Next next, long version);

    /** What is left does not suffice. */
    void givenUp(String why);
  }

  private static final Duration TICK = Duration.ofSeconds(1);

  /**
   * Until another coordinator answers: its cluster takes some seconds to agree that one is gone.
   */
  private static final int SECONDS_TO_ANSWER = 45;

  /** Until the nodes have come to it: they look for it every second. */
  private static final int SECONDS_TO_GATHER = 15;

  /** Until the shards are copied. */
  private static final int SECONDS_TO_HAND_OVER = 120;

  /** Who has not answered is asked again. */
  private static final int SECONDS_TO_REPEAT = 5;

  private final ActorContext<Driver.Command> context;
  private final Driver.Parts parts;
  private final RunSpec spec;
  private final Driver.Transfer transfer;
  private final RunProgress progress;
  private final ActorRef<Coordinator.Command> entry;
  private final String why;
  private final Outcome outcome;

  /** Steps that the observer has heard of. */
  private final long told;

  private final Salvage<ActorRef<Node.Command>> salvage;
  private final Map<ActorRef<Node.Command>, Integer> rooms = new HashMap<>();
  private final Map<Long, StepSums> steps = new TreeMap<>();
  private final List<Driver.Evaluated> evaluations = new ArrayList<>();
  private final Endpoint[] servers;
  private boolean answered;
  private Salvage.Choice<ActorRef<Node.Command>> choice;
  private boolean fetching;
  private int seconds;

  /**
   * @param context the driver's
   * @param spec the run, as the coordinator has it that was lost
   * @param transfer reaches the shards of that run
   * @param entry leads to the coordinator, wherever it is
   * @param why the run was interrupted
   */
  DriverSalvage(
      ActorContext<Driver.Command> context,
      Driver.Parts parts,
      RunSpec spec,
      Driver.Transfer transfer,
      RunProgress progress,
      ActorRef<Coordinator.Command> entry,
      String why,
      Outcome outcome) {
    this.context = context;
    this.parts = parts;
    this.spec = spec;
    this.transfer = transfer;
    this.progress = progress;
    this.entry = entry;
    this.why = why;
    this.outcome = outcome;
    this.told = progress.next();
    this.salvage = new Salvage<>(spec.shape().shards());
    this.servers = new Endpoint[spec.shape().shards()];
  }

  private long run() {
    return spec.identity().runId();
  }

  void begin() {
    tick();
  }

  void on(Driver.OfSalvage command) {
    if (command.run() != run()) {
      return;
    }
    switch (command) {
      case Driver.SalvageTick tick -> tick();
      case Driver.Salvaging salvaging -> answered(salvaging.coordinator());
      case Driver.StepsLeft left -> steps(left.first(), left.sums());
      case Driver.EvaluationLeft left ->
          evaluation(new Driver.Evaluated(left.evaluation(), left.version(), left.sums()));
      case Driver.Left left -> left(left);
      case Driver.HandOverDue due -> handOverIfComplete();
      case Driver.HandedOver shard -> handedOver(shard.shard(), shard.server());
      case Driver.Salvaged salvaged -> salvaged(salvaged);
    }
  }

  // How long is waited.

  private void tick() {
    Optional<String> late = late();
    if (late.isPresent()) {
      outcome.givenUp(late.get());
      return;
    }
    if (choice == null && (!answered || seconds % SECONDS_TO_REPEAT == 0)) {
      entry.tell(new Coordinator.Salvage(run(), spec.name(), told, context.getSelf()));
    } else if (choice != null && seconds > 0 && seconds % SECONDS_TO_REPEAT == 0) {
      handOver();
    }
    seconds++;
    context.scheduleOnce(TICK, context.getSelf(), new Driver.SalvageTick(run()));
  }

  private Optional<String> late() {
    if (fetching) {
      return Optional.empty();
    }
    if (!answered) {
      return late(SECONDS_TO_ANSWER, "no other answers");
    }
    return choice == null
        ? late(SECONDS_TO_GATHER, "too little of the run is left at the nodes")
        : late(SECONDS_TO_HAND_OVER, "nodes do not hand over what is left of the run");
  }

  private Optional<String> late(int limit, String why) {
    return seconds > limit ? Optional.of(why) : Optional.empty();
  }

  // What is left.

  /** Repeated for each time that it was asked. */
  private void answered(ActorRef<Coordinator.Command> coordinator) {
    outcome.answered(coordinator);
    if (!answered) {
      answered = true;
      seconds = 0;
    }
  }

  private void steps(long first, List<StepSums> sums) {
    long step = first;
    for (StepSums of : sums) {
      steps.putIfAbsent(step++, of);
    }
  }

  private void evaluation(Driver.Evaluated done) {
    if (evaluations.stream().noneMatch(known -> isSame(known, done))) {
      evaluations.add(done);
    }
  }

  private static boolean isSame(Driver.Evaluated one, Driver.Evaluated other) {
    return one.evaluation() == other.evaluation() && one.version() == other.version();
  }

  /** What a node has of the shards, after its steps: it may be decided now what to go on from. */
  private void left(Driver.Left left) {
    rooms.put(left.node(), left.room());
    left.served().forEach(copy -> salvage.offer(left.node(), true, copy));
    left.stoodBy().forEach(copy -> salvage.offer(left.node(), false, copy));
    if (choice == null) {
      salvage.choice().filter(found -> knowsSteps(found.version())).ifPresent(this::choose);
    }
  }

  /** A checkpoint that is being fetched stands where shards are to be copied to. */
  private void choose(Salvage.Choice<ActorRef<Node.Command>> found) {
    choice = found;
    seconds = 0;
    context.pipeToSelf(
        CompletableFuture.runAsync(() -> {}, parts.threads()),
        (done, failure) -> new Driver.HandOverDue(run()));
  }

  private boolean knowsSteps(long version) {
    for (long step = told; step < version; step++) {
      if (!steps.containsKey(step)) {
        return false;
      }
    }
    return version >= told;
  }

  // How the run gets it.

  private void handOverIfComplete() {
    if (progress.isComplete(choice.next())) {
      handOver();
    } else {
      outcome.givenUp("the best weights with it");
    }
  }

  private void handOver() {
    ActorRef<Driver.Command> driver = context.getSelf();
    for (int shard = 0; shard < servers.length; shard++) {
      if (servers[shard] == null) {
        choice.holders().get(shard).tell(new Node.HandOver(run(), shard, choice.version(), driver));
      }
    }
  }

  /** A shard can be fetched; with the last one all are. */
  private void handedOver(int shard, Endpoint server) {
    servers[shard] = server;
    if (!fetching && Arrays.stream(servers).allMatch(Objects::nonNull)) {
      fetching = true;
      List<Endpoint> all = List.of(servers);
      context.pipeToSelf(
          CompletableFuture.supplyAsync(() -> transfer.salvage(choice, all), parts.threads()),
          (found, failure) -> new Driver.Salvaged(run(), found, failure));
    }
  }

  private void salvaged(Driver.Salvaged salvaged) {
    if (salvaged.failure() != null) {
      outcome.givenUp("what is left could not be fetched: " + Causes.message(salvaged.failure()));
      return;
    }
    Driver.Transfer.Found found = salvaged.found();
    tell();
    if (found.made() != null) {
      progress.again(progress.next(), found.made());
    }
    long version = found.state().version();
    progress.event(new RunEvent(RunEvent.What.WENT_ON, version, "", why));
    outcome.goesOn(transfer.goOn(room(), progress.validations(), found.state()), version);
  }

  /** How many parameter servers the run can go on with. */
  private int room() {
    int room = rooms.values().stream().mapToInt(Integer::intValue).sum();
    return Math.clamp(room, 1, spec.servers());
  }

  /** Tells what nobody has told of, up to the version that was decided on. */
  private void tell() {
    evaluations.sort(
        Comparator.comparingLong(Driver.Evaluated::version)
            .thenComparing(Driver.Evaluated::evaluation));
    for (Driver.Evaluated done : evaluations) {
      if (done.version() <= choice.version()) {
        tellSteps(done.version());
        progress.evaluated(done);
      }
    }
    tellSteps(choice.version());
  }

  private void tellSteps(long version) {
    while (progress.next() < version) {
      long step = progress.next();
      progress.steps(step, List.of(steps.get(step)));
    }
  }
}
