package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import io.lockstep.training.Endpoint;
import io.lockstep.training.Salvage;
import io.lockstep.training.StepSums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Brings together what is left of a run whose coordinator was lost: asks the next coordinator for
 * the nodes, these for what they have of each shard and for the steps that nobody has told of, and
 * has them hand the shards over. Used by the driver's actor.
 */
final class DriverSalvage {

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

  private final RunSpec spec;
  private final long told;
  private final ActorRef<Coordinator.Command> entry;
  private final ActorRef<Driver.Command> driver;
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
   * @param told steps that the observer has heard of
   * @param entry leads to the coordinator, wherever it is
   */
  DriverSalvage(
      RunSpec spec,
      long told,
      ActorRef<Coordinator.Command> entry,
      ActorRef<Driver.Command> driver) {
    this.spec = spec;
    this.told = told;
    this.entry = entry;
    this.driver = driver;
    this.salvage = new Salvage<>(spec.shape().shards());
    this.servers = new Endpoint[spec.shape().shards()];
  }

  private long run() {
    return spec.identity().runId();
  }

  boolean isOf(long run) {
    return run == run();
  }

  /**
   * A second has passed, or nothing yet.
   *
   * @return why it cannot be waited for any longer
   */
  Optional<String> tick() {
    Optional<String> late = late();
    if (late.isEmpty()) {
      if (choice == null && (!answered || seconds % SECONDS_TO_REPEAT == 0)) {
        entry.tell(new Coordinator.Salvage(run(), spec.name(), told, driver));
      } else if (choice != null && seconds > 0 && seconds % SECONDS_TO_REPEAT == 0) {
        handOver();
      }
      seconds++;
    }
    return late;
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

  /** There is another coordinator; repeated for each time that it was asked. */
  void answered() {
    if (!answered) {
      answered = true;
      seconds = 0;
    }
  }

  /** Steps that a node has done. */
  void steps(long first, List<StepSums> sums) {
    long step = first;
    for (StepSums of : sums) {
      steps.putIfAbsent(step++, of);
    }
  }

  /** An evaluation that a node has completed. */
  void evaluation(Driver.Evaluated done) {
    if (evaluations.stream().noneMatch(known -> isSame(known, done))) {
      evaluations.add(done);
    }
  }

  private static boolean isSame(Driver.Evaluated one, Driver.Evaluated other) {
    return one.evaluation() == other.evaluation() && one.version() == other.version();
  }

  /**
   * What a node has of the shards, after its steps.
   *
   * @return whether it is decided now what the run goes on from
   */
  boolean left(Driver.Left left) {
    rooms.put(left.node(), left.room());
    left.served().forEach(copy -> salvage.offer(left.node(), true, copy));
    left.stoodBy().forEach(copy -> salvage.offer(left.node(), false, copy));
    if (choice != null) {
      return false;
    }
    choice = salvage.choice().filter(found -> knowsSteps(found.version())).orElse(null);
    if (choice != null) {
      seconds = 0;
    }
    return choice != null;
  }

  private boolean knowsSteps(long version) {
    for (long step = told; step < version; step++) {
      if (!steps.containsKey(step)) {
        return false;
      }
    }
    return version >= told;
  }

  /** What the run goes on from, once it is decided. */
  Salvage.Choice<ActorRef<Node.Command>> choice() {
    return choice;
  }

  /** Asks for the shards. */
  void handOver() {
    for (int shard = 0; shard < servers.length; shard++) {
      if (servers[shard] == null) {
        choice.holders().get(shard).tell(new Node.HandOver(run(), shard, choice.version(), driver));
      }
    }
  }

  /**
   * A shard can be fetched.
   *
   * @return whether it was the last one
   */
  boolean handedOver(int shard, Endpoint server) {
    servers[shard] = server;
    boolean all = !fetching && Arrays.stream(servers).allMatch(Objects::nonNull);
    fetching |= all;
    return all;
  }

  /** Where the shards can be fetched. */
  List<Endpoint> servers() {
    return List.of(servers);
  }

  /** How many parameter servers the run can go on with. */
  int room() {
    int room = rooms.values().stream().mapToInt(Integer::intValue).sum();
    return Math.clamp(room, 1, spec.servers());
  }

  /** Tells what nobody has told of, up to the version that was decided on. */
  void tell(RunProgress progress) {
    evaluations.sort(
        Comparator.comparingLong(Driver.Evaluated::version)
            .thenComparing(Driver.Evaluated::evaluation));
    for (Driver.Evaluated done : evaluations) {
      if (done.version() <= choice.version()) {
        tellSteps(progress, done.version());
        progress.evaluated(done);
      }
    }
    tellSteps(progress, choice.version());
  }

  private void tellSteps(RunProgress progress, long version) {
    while (progress.next() < version) {
      long step = progress.next();
      progress.steps(step, List.of(steps.get(step)));
    }
  }
}
