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
import io.lockstep.training.RunIdentity;
import io.lockstep.training.Salvage;
import io.lockstep.training.ShardCopy;
import io.lockstep.training.StepSums;
import io.lockstep.training.StepTimes;
import io.lockstep.training.TrainingState;
import io.lockstep.training.Validations;
import java.time.Duration;
import java.util.List;
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

  /** Where the time of some steps went on a node. */
  record Times(int node, List<StepTimes.Sample> samples) implements Command, ControlMessage {}

  /** Has to do with the steps that are traced. */
  sealed interface OfTrace extends Command permits Tracing.ToDriver {}

  /** An evaluation is complete. */
  record Evaluated(Evaluation evaluation, long version, StepSums sums)
      implements Command, ControlMessage {}

  /** The run stands still. */
  record Held(long version) implements Command, ControlMessage {}

  /** A change of plan is prepared; these nodes compute then. */
  record Planned(int plan, List<String> nodes) implements Command, ControlMessage {}

  /** All shards are there, without the state that the run goes on from. */
  record Restore(List<Endpoint> servers) implements Command, ControlMessage {}

  /** All shards have a snapshot of {@code version}, and all before it was told. */
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

  /** The run cannot go on for want of workers; its nodes keep what they have of it. */
  record Suspended(String why) implements Command, ControlMessage {}

  /**
   * A node asks for a part of a jar; answered by {@link Node.JarPart}.
   *
   * @param jar number of the jar in the run's list
   * @param at position of the part in it
   */
  record SendJarPart(int jar, int at, ActorRef<Node.Command> node)
      implements Command, ControlMessage {}

  /** Belongs to a run whose coordinator was lost; dropped when it goes on, or was given up. */
  sealed interface OfSalvage extends Command {

    /** Id of the run. */
    long run();
  }

  /** Another coordinator asks the nodes for what is left of the run. */
  record Salvaging(long run, ActorRef<Coordinator.Command> coordinator)
      implements OfSalvage, ControlMessage {}

  /** Steps that a node has done in a run whose coordinator was lost, from {@code first} on. */
  record StepsLeft(long run, long first, List<StepSums> sums)
      implements OfSalvage, ControlMessage {}

  /** An evaluation that a node has completed in a run whose coordinator was lost. */
  record EvaluationLeft(long run, Evaluation evaluation, long version, StepSums sums)
      implements OfSalvage, ControlMessage {}

  /**
   * What a node has of the shards of a run whose coordinator was lost.
   *
   * @param room the most shards that the node can hold
   * @param served those that it serves
   * @param stoodBy those that it has a standby of
   */
  record Left(
      long run,
      ActorRef<Node.Command> node,
      int room,
      List<ShardCopy> served,
      List<ShardCopy> stoodBy)
      implements OfSalvage, ControlMessage {}

  /** A shard can be fetched, as of {@link Node.HandOver}. */
  record HandedOver(long run, int shard, Endpoint server) implements OfSalvage, ControlMessage {}

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

  private record NoAnswer(RunIdentity run) implements Command {}

  /** A second has passed. */
  record SalvageTick(long run) implements OfSalvage {}

  /** No checkpoint is being fetched any more. */
  record HandOverDue(long run) implements OfSalvage {}

  /** What the shards have handed over is here, or cannot be fetched. */
  record Salvaged(long run, Transfer.Found found, Throwable failure) implements OfSalvage {}

  private record Fetched(long version, float[] weights, Throwable failure) implements Command {}

  /** A second has passed. */
  private record TraceTick() implements Command {}

  private record CoordinatorLost() implements Command {}

  /** Between the driver and the shards; called by a thread that may wait. */
  interface Transfer {

    /** The packed weights of {@code version}. */
    float[] weights(long version, List<Endpoint> servers);

    /** The snapshots that all shards have of {@code version}. */
    TrainingState snapshot(long version, List<Endpoint> servers);

    /** Gives all shards the state that the run goes on from. */
    void restore(List<Endpoint> servers);

    /** What the shards of a run have handed over whose coordinator was lost. */
    Found salvage(Salvage.Choice<?> choice, List<Endpoint> servers);

    /** The run as it goes on from a state. */
    Next goOn(int servers, Validations validations, TrainingState state);

    /**
     * What a run goes on from.
     *
     * @param made the sums of the last step if that was done again; else null
     */
    record Found(TrainingState state, Sums made) {}

    /** A run that goes on. */
    record Next(RunSpec spec, Transfer transfer) {}
  }

  /**
   * What a driver is for.
   *
   * @param spec the run
   * @param jars those of the run
   * @param layers names of the network's layers
   * @param observer told of its progress
   * @param transfer has its weights and its state
   * @param checkpointEvery time between two checkpoints; zero for none
   * @param threads may wait
   * @param result completed once, however the run ends
   */
  record Parts(
      RunSpec spec,
      List<Jar> jars,
      List<String> layers,
      RunObserver observer,
      Transfer transfer,
      Duration checkpointEvery,
      Executor threads,
      CompletableFuture<RunResult> result) {}

  /** Beyond what the coordinator itself waits for nodes. */
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

  /** Nodes that owe something of a trace are asked again. */
  private static final Duration TRACE_EVERY = Duration.ofSeconds(1);

  private static final long NEVER = Long.MAX_VALUE;

  private final ActorContext<Command> context;
  private final Parts parts;
  private final RunObserver observer;
  private final ActorRef<Coordinator.Command> entry;
  private final RunProgress progress;
  private final DriverTracing tracing;

  /** How the run has ended, while traces are to come; else null. */
  private RunEnd ended;

  private RunSpec spec;
  private Transfer transfer;
  private ActorRef<Coordinator.Command> coordinator;
  private boolean accepted;
  private float[] weights;

  /** What is brought together after the coordinator was lost; null if it was not. */
  private DriverSalvage salvage;

  /** Why the run was interrupted last. */
  private String interrupted = "";

  /** The version that the run has gone on from after that. */
  private long wentOnAt = -1;

  private long holdAt = NEVER;
  private boolean held;
  private boolean stopping;

  /** Whether the run goes on as soon as it does not stand still. */
  private boolean submitDue;

  private Driver(
      ActorContext<Command> context, ActorRef<Coordinator.Command> coordinator, Parts parts) {
    this.context = context;
    this.entry = coordinator;
    this.coordinator = coordinator;
    this.parts = parts;
    this.observer = parts.observer();
    this.spec = parts.spec();
    this.transfer = parts.transfer();
    this.progress = new RunProgress(spec, observer);
    this.tracing =
        new DriverTracing(
            new DriverTracing.Parts(
                spec.traced(), parts.layers(), observer, parts.threads(), context.getSelf()::tell));
  }

  /**
   * @param coordinator leads to it, wherever it is
   */
  static Behavior<Command> create(Parts parts, ActorRef<Coordinator.Command> coordinator) {
    return Behaviors.setup(
        context -> {
          Driver driver = new Driver(context, coordinator, parts);
          if (parts.observer().firstHold() >= 0) {
            driver.holdAt = parts.observer().firstHold();
          }
          driver.submit();
          driver.awaitTraces();
          return driver.running();
        });
  }

  /** Asks for the run, and for what is to happen in it. */
  private void submit() {
    accepted = false;
    submitDue = false;
    coordinator.tell(new Coordinator.Submit(spec, context.getSelf(), holdAt));
    Duration limit = Duration.ofSeconds(spec.patienceSeconds()).plus(ANSWER_LIMIT);
    context.scheduleOnce(limit, context.getSelf(), new NoAnswer(spec.identity()));
    if (stopping) {
      tell(new Coordinator.Stop());
    }
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
    context.getLog().debug("{}", command);
    switch (command) {
      case NoAnswer none -> {
        if (!accepted && none.run().equals(spec.identity())) {
          fail("no coordinator answers: the cluster has no parameter server");
        }
      }
      case Accepted accept -> accept(accept.coordinator());
      case Busy busy when progress.isStarted() ->
          giveUpSalvage("the cluster serves another run, " + busy.run());
      case Busy busy ->
          fail("the cluster serves another run, %s; try again when it is done".formatted(busy.run));
      case Started begun -> {
        if (progress.start()) {
          awaitCheckpoint();
        }
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
      case Steps steps -> progress.steps(steps.first(), steps.sums());
      case Times times -> observer.times(times.node(), times.samples());
      case Tracing.ToDriver message -> {
        tracing.on(message);
        endIfTraced();
      }
      case TraceTick tick -> {
        tracing.look();
        awaitTraces();
      }
      case Evaluated done -> progress.evaluated(done);
      case Held at -> {
        held = true;
        observer.held(at.version());
      }
      case Planned planned -> observer.planned(planned.plan(), planned.nodes());
      case Changed changed -> {
        progress.event(changed.event());
        tracing.happened(changed.event());
      }
      case SendJarPart wanted -> send(wanted);
      case Trained trained -> fetch(trained);
      case Fetched fetched -> fetched(fetched);
      case Ended ended -> end(ended.end());
      case Failed failed -> fail(failed.why());
      case Broken broken -> breakOff(broken.why());
      case Suspended suspended -> salvage(suspended.why());
      case Stop stop -> {
        stopping = true;
        tell(new Coordinator.Stop());
        submitIfDue();
      }
      case GiveUp giveUp -> {
        tell(new Coordinator.GivenUp());
        fail("the run was broken off");
      }
      case Hold hold -> {
        holdAt = hold.version();
        tell(new Coordinator.Hold(hold.version()));
      }
      case NodeDied died -> nodeDied(died.node());
      case Release release -> {
        held = false;
        holdAt = release.nextHold();
        tell(new Coordinator.Release(release.nextHold()));
        submitIfDue();
      }
      case CoordinatorLost lost -> salvage("the coordinator was lost");
      case OfSalvage of -> {
        if (salvage != null) {
          salvage.on(of);
        }
      }
    }
    return Behaviors.same();
  }

  /** Tells the coordinator something of this run, which may not be the one that it has. */
  private void tell(Coordinator.Command command) {
    coordinator.tell(new Coordinator.OfRun(spec.identity().runId(), command));
  }

  private void accept(ActorRef<Coordinator.Command> accepting) {
    accepted = true;
    coordinator = accepting;
    context.watchWith(accepting, new CoordinatorLost());
  }

  // When the coordinator, or the last worker, is lost.

  /**
   * The run goes on with another coordinator, from what the nodes have of it. Where no step has
   * begun, or none since the last time, that would lead to nothing.
   */
  private void salvage(String why) {
    if (parts.result().isDone()) {
      return;
    }
    boolean again = salvage != null;
    interrupted = why;
    if (again || !progress.isStarted() || progress.next() == wentOnAt) {
      giveUpSalvage("");
      return;
    }
    coordinator = entry;
    salvage =
        new DriverSalvage(context, parts, spec, transfer, progress, entry, why, new Salvager());
    salvage.begin();
  }

  private void giveUpSalvage(String why) {
    salvage = null;
    tell(new Coordinator.GivenUp());
    breakOff(interrupted + (why.isEmpty() ? "" : ", and " + why));
  }

  /** What a salvage leads to. */
  private final class Salvager implements DriverSalvage.Outcome {

    @Override
    public void answered(ActorRef<Coordinator.Command> next) {
      coordinator = next;
      context.watchWith(next, new CoordinatorLost());
    }

    @Override
    public void goesOn(Transfer.Next next, long version) {
      wentOnAt = version;
      spec = next.spec();
      transfer = next.transfer();
      salvage = null;
      submitDue = true;
      submitIfDue();
    }

    @Override
    public void givenUp(String why) {
      giveUpSalvage(why);
    }
  }

  /** A run that stands still has not begun the step that it would begin with. */
  private void submitIfDue() {
    if (submitDue && (!held || stopping)) {
      submit();
    }
  }

  private void restore(List<Endpoint> servers) {
    context.pipeToSelf(
        CompletableFuture.runAsync(() -> transfer.restore(servers), parts.threads()),
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
            () -> transfer.snapshot(version, wanted.servers()), parts.threads()),
        (state, failure) -> new Snapshot(version, state, failure));
  }

  private void snapshot(Snapshot snapshot) {
    if (snapshot.failure() == null) {
      progress.checkpoint(snapshot.state());
    } else {
      observer.checkpointFailed(snapshot.version(), Causes.message(snapshot.failure()));
      tell(new Coordinator.CheckpointLost(snapshot.version()));
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
      long run = spec.identity().runId();
      wanted.node().tell(new Node.JarPart(run, wanted.jar(), wanted.at(), content));
    }
  }

  private void fetch(Trained trained) {
    context.pipeToSelf(
        CompletableFuture.supplyAsync(
            () -> transfer.weights(trained.version(), trained.servers()), parts.threads()),
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
    ended = end;
    tracing.end();
    endIfTraced();
  }

  private void awaitTraces() {
    if (tracing.isAwaited()) {
      context.scheduleOnce(TRACE_EVERY, context.getSelf(), new TraceTick());
    }
  }

  /** With the trace a run that has ended is done. */
  private void endIfTraced() {
    if (ended != null && !tracing.isAwaited()) {
      parts.result().complete(progress.result(ended, weights));
    }
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
        .completeExceptionally(
            progress.isStarted() ? new RunBrokenException(why) : new RunFailedException(why));
  }

  private void fail(String why) {
    parts.result().completeExceptionally(new RunFailedException(why));
  }
}
