package io.lockstep.cluster;

import akka.actor.Address;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import io.lockstep.model.Jar;
import io.lockstep.nn.Sums;
import io.lockstep.training.Endpoint;
import io.lockstep.training.Evaluation;
import io.lockstep.training.RunEnd;
import io.lockstep.training.RunEvent;
import io.lockstep.training.StepSums;
import io.lockstep.training.TrainingState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Asks the coordinator for a run on behalf of a program, passes its progress on to the observer,
 * fetches the last weights, and completes the result.
 */
final class Driver {

  /** What a driver is told. */
  sealed interface Command {}

  /** The coordinator has taken the run. */
  record Accepted(ActorRef<Coordinator.Command> coordinator) implements Command, ControlMessage {}

  /** The cluster has another run. */
  record Busy(String run) implements Command, ControlMessage {}

  /** The first step begins. */
  record Started() implements Command, ControlMessage {}

  /** Steps were committed, from {@code first} on. */
  record Steps(long first, List<StepSums> sums) implements Command, ControlMessage {}

  /** An evaluation is complete. */
  record Evaluated(Evaluation evaluation, long version, StepSums sums)
      implements Command, ControlMessage {}

  /** The run stands still. */
  record Held(long version) implements Command, ControlMessage {}

  /** A change of plan is prepared; these nodes compute then. */
  record Planned(int plan, List<String> nodes) implements Command, ControlMessage {}

  /** All shards are there, without the state that the run goes on from. */
  record Restore(List<Endpoint> servers) implements Command, ControlMessage {}

  /** All shards have been copied at {@code version}, and all before it was told. */
  record Checkpoint(long version, List<Endpoint> servers) implements Command, ControlMessage {}

  /** Who takes part has changed. */
  record Changed(RunEvent event) implements Command, ControlMessage {}

  /** The last version is known, and where it is. */
  record Trained(long version, int divergedLayer, List<Endpoint> servers)
      implements Command, ControlMessage {}

  /** All is done. */
  record Ended(RunEnd end) implements Command, ControlMessage {}

  /** The run cannot go on. */
  record Failed(String why) implements Command, ControlMessage {}

  /** The run cannot go on, since a part of it is gone. */
  record Broken(String why) implements Command, ControlMessage {}

  /**
   * A node asks for a part of a jar; answered by {@link Node.JarPart}.
   *
   * @param jar number of the jar in the run's list
   * @param at position of the part in it
   */
  record SendJarPart(int jar, int at, ActorRef<Node.Command> node)
      implements Command, ControlMessage {}

  /** Ends the run at the last committed version. */
  record Stop() implements Command {}

  /** Ends the run without a result. */
  record GiveUp() implements Command {}

  /** Lets the run stand still at {@code version}. */
  record Hold(long version) implements Command {}

  /** Lets the run go on. */
  record Release(long nextHold) implements Command {}

  /** A node's process has ended. */
  record NodeDied(NodeAddresses node) implements Command {}

  /** A checkpoint is kept, or was given up. */
  record CheckpointKept(long version) implements Command {}

  private record CheckpointDue() implements Command {}

  private record Restored(Throwable failure) implements Command {}

  private record Snapshot(long version, TrainingState state, Throwable failure)
      implements Command {}

  private record NoAnswer() implements Command {}

  private record Fetched(long version, float[] weights, Throwable failure) implements Command {}

  private record CoordinatorLost() implements Command {}

  /** Between the driver and the shards; called by a thread that may wait. */
  interface Transfer {

    /** The packed weights of {@code version}. */
    float[] weights(long version, List<Endpoint> servers);

    /** What all shards have copied at {@code version}. */
    TrainingState snapshot(long version, List<Endpoint> servers);

    /** Gives all shards the state that the run goes on from. */
    void restore(List<Endpoint> servers);
  }

  /**
   * What a driver is for.
   *
   * @param spec the run
   * @param jars those of the run
   * @param observer told of its progress
   * @param transfer has its weights and its state
   * @param checkpointEvery time between two checkpoints; zero for none
   * @param threads may wait
   * @param result completed once, however the run ends
   */
  record Parts(
      RunSpec spec,
      List<Jar> jars,
      RunObserver observer,
      Transfer transfer,
      Duration checkpointEvery,
      Executor threads,
      CompletableFuture<RunResult> result) {}

  /** Beyond what the coordinator itself waits for nodes. */
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

  private final ActorContext<Command> context;
  private final Parts parts;
  private final RunObserver observer;
  private final Map<Evaluation, Evaluated> evaluated = new EnumMap<>(Evaluation.class);
  private final List<RunEvent> events = new ArrayList<>();
  private ActorRef<Coordinator.Command> coordinator;
  private boolean accepted;
  private boolean started;
  private float[] weights;

  private Driver(
      ActorContext<Command> context, ActorRef<Coordinator.Command> coordinator, Parts parts) {
    this.context = context;
    this.coordinator = coordinator;
    this.parts = parts;
    this.observer = parts.observer();
  }

  /**
   * @param coordinator leads to it, wherever it is
   */
  static Behavior<Command> create(Parts parts, ActorRef<Coordinator.Command> coordinator) {
    return Behaviors.setup(
        context -> {
          coordinator.tell(new Coordinator.Submit(parts.spec(), context.getSelf()));
          Duration limit = Duration.ofSeconds(parts.spec().patienceSeconds()).plus(ANSWER_LIMIT);
          context.scheduleOnce(limit, context.getSelf(), new NoAnswer());
          Driver driver = new Driver(context, coordinator, parts);
          if (parts.observer().firstHold() >= 0) {
            driver.tell(new Coordinator.Hold(parts.observer().firstHold()));
          }
          return driver.running();
        });
  }

  private Behavior<Command> running() {
    return Behaviors.receive(Command.class).onAnyMessage(this::guarded).build();
  }

  /** An observer that fails ends the run with its failure. */
  private Behavior<Command> guarded(Command command) {
    try {
      return on(command);
    } catch (RuntimeException failure) {
      parts.result().completeExceptionally(failure);
      tell(new Coordinator.Stop());
      return Behaviors.same();
    }
  }

  private Behavior<Command> on(Command command) {
    switch (command) {
      case NoAnswer none -> {
        if (!accepted) {
          fail("no coordinator answers: the cluster has no parameter server");
        }
      }
      case Accepted accept -> accept(accept.coordinator());
      case Busy busy ->
          fail("the cluster serves another run, %s; try again when it is done".formatted(busy.run));
      case Started begun -> {
        started = true;
        observer.started();
        awaitCheckpoint();
      }
      case Restore restore -> restore(restore.servers());
      case Restored restored -> restored(restored.failure());
      case Checkpoint checkpoint -> checkpoint(checkpoint);
      case Snapshot snapshot -> snapshot(snapshot);
      case CheckpointKept kept -> tell(new Coordinator.CheckpointKept(kept.version()));
      case CheckpointDue due -> {
        tell(new Coordinator.AskCheckpoint());
        awaitCheckpoint();
      }
      case Steps steps -> steps(steps);
      case Evaluated done -> evaluated(done);
      case Held held -> observer.held(held.version());
      case Planned planned -> observer.planned(planned.plan(), planned.nodes());
      case Changed changed -> {
        events.add(changed.event());
        observer.event(changed.event());
      }
      case SendJarPart wanted -> send(wanted);
      case Trained trained -> fetch(trained);
      case Fetched fetched -> fetched(fetched);
      case Ended ended -> end(ended.end());
      case Failed failed -> fail(failed.why());
      case Broken broken -> breakOff(broken.why());
      case Stop stop -> tell(new Coordinator.Stop());
      case GiveUp giveUp -> {
        tell(new Coordinator.GivenUp());
        fail("the run was broken off");
      }
      case Hold hold -> tell(new Coordinator.Hold(hold.version()));
      case NodeDied died -> nodeDied(died.node());
      case Release release -> tell(new Coordinator.Release(release.nextHold()));
      case CoordinatorLost lost -> breakOff("the coordinator was lost");
    }
    return Behaviors.same();
  }

  /** Tells the coordinator something of this run, which may not be the one that it has. */
  private void tell(Coordinator.Command command) {
    coordinator.tell(new Coordinator.OfRun(parts.spec().identity().runId(), command));
  }

  private void accept(ActorRef<Coordinator.Command> accepting) {
    accepted = true;
    coordinator = accepting;
    context.watchWith(accepting, new CoordinatorLost());
  }

  private void steps(Steps steps) {
    long step = steps.first();
    for (StepSums sums : steps.sums()) {
      observer.stepCommitted(step++, sums.toSums(), sums.nanos());
    }
  }

  private void evaluated(Evaluated done) {
    evaluated.put(done.evaluation(), done);
    observer.evaluated(
        done.evaluation(), done.version(), done.sums().toSums(), done.sums().nanos());
  }

  private void restore(List<Endpoint> servers) {
    context.pipeToSelf(
        CompletableFuture.runAsync(() -> parts.transfer().restore(servers), parts.threads()),
        (done, failure) -> new Restored(failure));
  }

  private void restored(Throwable failure) {
    if (failure == null) {
      tell(new Coordinator.Restored());
    } else {
      tell(new Coordinator.GivenUp());
      fail("the checkpoint could not be handed to the servers: " + Causes.message(failure));
    }
  }

  private void awaitCheckpoint() {
    if (!parts.checkpointEvery().isZero()) {
      context.scheduleOnce(parts.checkpointEvery(), context.getSelf(), new CheckpointDue());
    }
  }

  private void checkpoint(Checkpoint wanted) {
    long version = wanted.version();
    observer.checkpointing(version);
    context.pipeToSelf(
        CompletableFuture.supplyAsync(
            () -> parts.transfer().snapshot(version, wanted.servers()), parts.threads()),
        (state, failure) -> new Snapshot(version, state, failure));
  }

  private void snapshot(Snapshot snapshot) {
    if (snapshot.failure() == null) {
      observer.checkpoint(snapshot.state());
    } else {
      observer.checkpointFailed(snapshot.version(), Causes.message(snapshot.failure()));
      tell(new Coordinator.CheckpointKept(snapshot.version()));
    }
  }

  /** What is not there is not asked for, unless by a node of another build: that one gives up. */
  private void send(SendJarPart wanted) {
    if (wanted.jar() < 0 || wanted.jar() >= parts.jars().size()) {
      return;
    }
    Jar jar = parts.jars().get(wanted.jar());
    int to = Math.min(wanted.at() + JarFetch.PART_BYTES, jar.bytes());
    if (wanted.at() >= 0 && wanted.at() < to) {
      ByteString content = ByteString.fromByteBuffer(jar.content(wanted.at(), to));
      long run = parts.spec().identity().runId();
      wanted.node().tell(new Node.JarPart(run, wanted.jar(), wanted.at(), content));
    }
  }

  private void fetch(Trained trained) {
    context.pipeToSelf(
        CompletableFuture.supplyAsync(
            () -> parts.transfer().weights(trained.version(), trained.servers()), parts.threads()),
        (fetched, failure) -> new Fetched(trained.version(), fetched, failure));
  }

  private void fetched(Fetched fetched) {
    if (fetched.failure() != null) {
      breakOff("the weights could not be fetched: " + Causes.message(fetched.failure()));
      tell(new Coordinator.Stop());
      return;
    }
    weights = fetched.weights();
    observer.trained(fetched.version(), weights);
    tell(new Coordinator.WeightsKept());
  }

  private void end(RunEnd end) {
    context.unwatch(coordinator);
    Map<Evaluation, Sums> sums = new EnumMap<>(Evaluation.class);
    evaluated.forEach(
        (evaluation, done) -> {
          if (done.version() == end.version()) {
            sums.put(evaluation, done.sums().toSums());
          }
        });
    Optional<RunResult.Divergence> divergence =
        end.divergedLayer() < 0
            ? Optional.empty()
            : Optional.of(new RunResult.Divergence(end.version(), end.divergedLayer()));
    parts
        .result()
        .complete(
            new RunResult(
                end.version(), weights, sums, end.nodes(), List.copyOf(events), divergence));
  }

  /** With the coordinator nobody is left to tell; its cluster would notice some seconds later. */
  private void nodeDied(NodeAddresses node) {
    Address home = coordinator.path().address();
    HostPort control = node.control();
    if (home.getHost().equals(Optional.of(control.host()))
        && home.getPort().equals(Optional.of(control.port()))) {
      breakOff(node.name() + " was lost, and the coordinator with it");
    } else {
      coordinator.tell(new Coordinator.NodeDied(node.name()));
    }
  }

  /** Where no step has begun, what broke off would do so again. */
  private void breakOff(String why) {
    parts
        .result()
        .completeExceptionally(started ? new RunBrokenException(why) : new RunFailedException(why));
  }

  private void fail(String why) {
    parts.result().completeExceptionally(new RunFailedException(why));
  }
}
