package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.util.ByteString;
import io.lockstep.model.Jar;
import io.lockstep.training.DataPlane;
import io.lockstep.training.Endpoint;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Plan;
import io.lockstep.training.Promotion;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.RunTimes;
import io.lockstep.training.Slowdown;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One process in a cluster: registers at the coordinator and does what it is told in the run that
 * it takes part in, its {@link NodeRun}.
 *
 * <p>What takes time (reading data, connecting) happens on a thread of its own.
 */
public final class Node {

  /** What a node is told. */
  public sealed interface Command {}

  /** The coordinator knows this node by a number. */
  record Registered(int node, ActorRef<Coordinator.Command> coordinator)
      implements Command, ControlMessage {}

  /** Fetches the jars of a run, reads its data, and checks that this node fits. */
  record Prepare(RunSpec spec, ActorRef<Driver.Command> driver)
      implements Command, ControlMessage {}

  /** What a node asked for with {@link Driver.SendJarPart}. */
  record JarPart(long run, int jar, int at, ByteString content)
      implements Command, ControlMessage {}

  /** Opens a shard. */
  record Open(int shard) implements Command, ControlMessage {}

  /** Connects and warms this node's workers. */
  record Connect(List<Endpoint> servers, int plan, List<Plan.Share> shares)
      implements Command, ControlMessage {}

  /** Makes a plan known. */
  record Know(int plan, List<Plan.Share> shares) implements Command, ControlMessage {}

  /** Computes this node's part of what a lost one left open. */
  record TakeOver(int lost) implements Command, ControlMessage {}

  /** Computes this node's part of what a late one left open of a step. */
  record TakeOverStep(int late, long step) implements Command, ControlMessage {}

  /** Lets a plan hold from the next step on; starts the run with it. */
  record Activate(int plan, boolean start) implements Command, ControlMessage {}

  /** Lets the run stand still at {@code version}. */
  record Hold(long version) implements Command, ControlMessage {}

  /** Lets workers go on from a version whose validation they wait for. */
  record GoOn(long version) implements Command, ControlMessage {}

  /** Lets the run go on. */
  record Release(long nextHold) implements Command, ControlMessage {}

  /** The totals over all of θ that a step of a shard waits for. */
  record Totals(int shard, long step, List<Double> totals) implements Command, ControlMessage {}

  /** Has this node's shards take a snapshot of {@code version}. */
  record Snapshot(long version) implements Command, ControlMessage {}

  /** Commits nothing more. */
  record Halt() implements Command, ControlMessage {}

  /** Ends the steps of the workers. */
  record Leave() implements Command, ControlMessage {}

  /** Falls back to {@code version}. */
  record Settle(long version) implements Command, ControlMessage {}

  /** Evaluates the share that a plan gives this node. */
  record Evaluate(List<Evaluation> evaluations, long version, int plan, List<Plan.Share> shares)
      implements Command, ControlMessage {}

  /**
   * Opens a standby of a shard, and has its server fill it.
   *
   * @param number of the standby
   * @param millis since the first step began
   */
  record Mirror(int shard, int number, Endpoint server, long millis)
      implements Command, ControlMessage {}

  /** Gives up a standby. */
  record DropStandby(int shard) implements Command, ControlMessage {}

  /** Goes on without the standby of a shard that this node serves. */
  record WithoutStandby(int shard, int number) implements Command, ControlMessage {}

  /** Lets go of a shard's server, which is gone. */
  record Forsake(int shard) implements Command, ControlMessage {}

  /**
   * Serves the shard that this node has a standby of.
   *
   * @param number of the standby
   */
  record Promote(int shard, int number, Promotion start) implements Command, ControlMessage {}

  /** Connects workers to a shard's new server. */
  record Reconnect(int shard, Endpoint server) implements Command, ControlMessage {}

  /**
   * The run's coordinator was lost: commits nothing more, and tells the driver what is left;
   * dropped if this is not a node of the run.
   *
   * @param told steps that the driver has heard of
   */
  record Salvage(long run, long told, ActorRef<Driver.Command> driver)
      implements Command, ControlMessage {}

  /**
   * Hands a shard over, to be fetched at {@code version}; answered by {@link Driver.HandedOver}.
   */
  record HandOver(long run, int shard, long version, ActorRef<Driver.Command> driver)
      implements Command, ControlMessage {}

  /** The coordinator does not count on this node any more; it may register again. */
  record Expelled(String why) implements Command, ControlMessage {}

  /** Forgets the run. */
  record Close() implements Command, ControlMessage {}

  /** Has to do with the steps that are traced. */
  sealed interface OfTrace extends Command permits Tracing.ToNode {}

  /** The run is over, but another may go on from what this node has of it. */
  record Keep(long run) implements Command, ControlMessage {}

  /**
   * Leaves the run in order; {@code done} completes when no run needs this node any more.
   *
   * @param done completed by the node
   */
  record Drain(CompletableFuture<Void> done) implements Command {}

  /** Does nothing while its workers stand still; only for a node with a thread of its own. */
  record StandStill() implements Command {}

  /**
   * Ends without a word, whatever it is told meanwhile.
   *
   * @param first done before
   */
  record Die(Runnable first) implements Command {}

  /** This node is about to end, whatever it does now. */
  record End() implements Command {}

  /** What a worker tells; dropped when its run is over. */
  sealed interface OfWorker extends Command {

    /** The run that it belongs to. */
    RunIdentity run();

    /** The worker. */
    int slot();
  }

  record WorkerReady(RunIdentity run, int slot) implements OfWorker {}

  record WorkerLeft(RunIdentity run, int slot, long microBatches) implements OfWorker {}

  record WorkerEvaluated(RunIdentity run, int slot) implements OfWorker {}

  record WorkerFailed(RunIdentity run, int slot, Throwable cause) implements OfWorker {}

  private record JobReady(RunSpec spec, PreparedJob prepared, Throwable failure)
      implements Command {}

  /**
   * Something that took time is done.
   *
   * @param run for which; if it is over, nothing follows
   * @param then what follows
   */
  record GoOnWith(NodeRun run, Runnable then) implements Command {}

  private record CoordinatorLost() implements Command {}

  record TakeReports() implements Command {}

  /** What is due. */
  enum Tick implements Command {
    REGISTER,
    REPORT,
    JAR,
    LOOK,
    TIMES,
    CUT_OFF,
    TRACE,
    ABANDONED
  }

  private static final Duration REGISTER_EVERY = Duration.ofSeconds(1);

  /** How long a node keeps its part of a run that has lost its coordinator. */
  private static final Duration KEPT_FOR = Duration.ofSeconds(60);

  /**
   * How long it does so from when the driver has asked for it: as long as a checkpoint may take.
   */
  private static final Duration SALVAGED_FOR = Duration.ofMinutes(15);

  /**
   * What a node is made of.
   *
   * @param info what it tells of itself
   * @param plane how its shards and workers meet others; closed by whoever made it
   * @param slowdown of its workers
   * @param jobs makes the jobs of runs
   * @param takesJars whether whoever sends classes is known to have the cluster's key
   * @param failures told of what goes wrong here, beside the coordinator
   */
  public record Parts(
      String name,
      int slots,
      int shards,
      DataPlane plane,
      Slowdown slowdown,
      JobSource jobs,
      boolean takesJars,
      Consumer<Throwable> failures) {}

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Parts parts;
  private final ActorRef<Coordinator.Command> entry;
  private final NodeSelf self;
  private final NodeTracings tracings = new NodeTracings();
  private ActorRef<Coordinator.Command> coordinator;
  private int number;
  private RunSpec spec;
  private NodeAnswers answers;
  private NodeJars jars;
  private NodeRun run;

  /** Whether the run is over here, and another may go on from it: it takes no more orders. */
  private boolean kept;

  private CompletableFuture<Void> drained;

  private Node(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Parts parts,
      ActorRef<Coordinator.Command> entry) {
    this.context = context;
    this.timers = timers;
    this.parts = parts;
    this.entry = entry;
    ExecutorService thread =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("lockstep-node-" + parts.name()).daemon(true).factory());
    this.self = new NodeSelf(context, timers, parts, thread);
  }

  /**
   * @param entry leads to the coordinator, wherever it is
   */
  public static Behavior<Command> create(Parts parts, ActorRef<Coordinator.Command> entry) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new Node(context, timers, parts, entry).registering()));
  }

  private Behavior<Command> registering() {
    register();
    timers.startTimerWithFixedDelay(Tick.REGISTER, REGISTER_EVERY);
    return Behaviors.receive(Command.class)
        .onAnyMessage(this::on)
        .onSignal(PostStop.class, this::postStop)
        .build();
  }

  private void register() {
    NodeInfo info = new NodeInfo(parts.name(), parts.slots(), parts.shards());
    entry.tell(new Coordinator.Register(info, context.getSelf()));
  }

  private Behavior<Command> on(Command command) {
    context.getLog().debug("{}", command);
    switch (command) {
      case Tick tick -> on(tick);
      case Registered registered -> registered(registered);
      case CoordinatorLost lost -> coordinatorLost();
      case Expelled expelled -> expelled(expelled.why());
      case Prepare prepare -> prepare(prepare);
      case JarPart part -> {
        if (jars != null) {
          jars.take(part);
        }
      }
      case Tracing.ToNode message -> tracings.on(message);
      case JobReady ready -> jobReady(ready);
      case Close close -> close();
      case Keep keep -> keep(keep.run());
      case Salvage salvage -> salvage(salvage);
      case HandOver handOver -> {
        if (keeps(handOver.run())) {
          run.handOver(handOver);
        }
      }
      case GoOnWith goOn -> {
        if (goOn.run() == run) {
          goOn.then().run();
        } else {
          goOn.run().leave(); // It was over meanwhile.
        }
      }
      case Drain drain -> drain(drain.done());
      case End end -> gone();
      case StandStill still -> parts.slowdown().await(0);
      case Die die -> {
        die.first().run();
        return Behaviors.stopped();
      }
      default -> {
        if (run != null && !kept) {
          run.on(command);
        }
      }
    }
    return Behaviors.same();
  }

  private void on(Tick tick) {
    if (tick == Tick.REGISTER) {
      register();
    } else if (tick == Tick.JAR && jars != null) {
      jars.askAgain();
    } else if (tick == Tick.ABANDONED) {
      abandoned();
    } else if (tick == Tick.TRACE) {
      lookForTraces();
    } else if (run != null && !kept) {
      run.on(tick);
    }
  }

  private void lookForTraces() {
    tracings.look();
    if (tracings.isEmpty()) {
      timers.cancel(Tick.TRACE);
    }
  }

  private void registered(Registered registered) {
    timers.cancel(Tick.REGISTER);
    number = registered.node();
    coordinator = registered.coordinator();
    context.watchWith(coordinator, new CoordinatorLost());
    if (kept) {
      coordinator.tell(new Coordinator.Keeps(number, spec.name()));
    }
    if (drained != null && !kept) {
      gone();
    }
  }

  /** What there is of the run is kept: another coordinator may go on with it. */
  private void coordinatorLost() {
    if (run == null || ActorThreads.isEnding(context.getSystem())) {
      registerAnew("the coordinator was lost; looking for another");
      return;
    }
    coordinator = null;
    keep();
    context.getLog().warn("the coordinator was lost; keeping the run, and looking for another");
    timers.startTimerWithFixedDelay(Tick.REGISTER, REGISTER_EVERY);
  }

  private void keep() {
    if (!kept) {
      kept = true;
      run.keep();
      timers.startSingleTimer(Tick.ABANDONED, KEPT_FOR);
    }
  }

  /** Who was still preparing has nothing that anybody could go on from. */
  private void keep(long id) {
    if (coordinator == null) {
      return; // It keeps the run already.
    }
    if (run == null || run.identity().runId() != id) {
      close();
      return;
    }
    keep();
    coordinator.tell(new Coordinator.Keeps(number, spec.name()));
  }

  private boolean keeps(long id) {
    return kept && run.identity().runId() == id;
  }

  private void salvage(Salvage salvage) {
    if (keeps(salvage.run())) {
      timers.startSingleTimer(Tick.ABANDONED, SALVAGED_FOR);
      run.salvage(salvage);
    } else {
      int room = parts.shards();
      salvage
          .driver()
          .tell(new Driver.Left(salvage.run(), context.getSelf(), room, List.of(), List.of()));
    }
  }

  private void abandoned() {
    context.getLog().warn("nobody goes on with run {}; it is given up here", spec.name());
    close();
    if (coordinator != null) {
      coordinator.tell(new Coordinator.Keeps(number, ""));
    }
  }

  private void expelled(String why) {
    if (coordinator == null) {
      return; // It looks for another already.
    }
    context.unwatch(coordinator);
    registerAnew("expelled from the run: " + why);
  }

  private void registerAnew(String why) {
    coordinator = null;
    close();
    if (ActorThreads.isEnding(context.getSystem())) {
      return;
    }
    context.getLog().warn(why);
    timers.startTimerWithFixedDelay(Tick.REGISTER, REGISTER_EVERY);
  }

  private void prepare(Prepare prepare) {
    if (coordinator == null) {
      return; // It does not know its number yet, and will be asked again.
    }
    if (spec != null && spec.identity().equals(prepare.spec().identity())) {
      if (run != null) { // The answer was lost, or is on its way.
        answers.tell(new Coordinator.Prepared(number));
      }
      return;
    }
    close();
    spec = prepare.spec();
    answers = self.answers(coordinator, prepare.driver(), number, spec.identity().runId());
    if (spec.jars().isEmpty()) {
      prepareJob(List::of);
    } else if (parts.takesJars()) {
      jars = new NodeJars(self, answers, prepare.driver(), this::prepareJob);
      answers.attempt(() -> jars.fetch(spec.jars()));
    } else {
      answers.refuse(new IllegalStateException("it has no key, and takes jars only with one"));
    }
  }

  private void prepareJob(Supplier<List<Jar>> fetched) {
    RunSpec wanted = spec;
    context.pipeToSelf(
        CompletableFuture.supplyAsync(
            () -> parts.jobs().prepare(wanted, fetched.get()), self.thread()),
        (prepared, failure) -> new JobReady(wanted, prepared, failure));
  }

  private void jobReady(JobReady ready) {
    if (ready.spec() != spec) {
      return; // That run is over.
    }
    if (ready.failure() != null) {
      answers.refuse(ready.failure());
      return;
    }
    List<String> differences =
        ready.spec().fingerprint().differences(ready.prepared().fingerprint());
    if (!differences.isEmpty()) {
      answers.tell(new Coordinator.Refused(number, String.join("; ", differences)));
      return;
    }
    answers.attempt(
        () -> {
          run = new NodeRun(self, answers, ready.spec(), ready.prepared());
          trace(run.tracing());
          answers.tell(new Coordinator.Prepared(number));
        });
  }

  private void trace(NodeTracing tracing) {
    if (tracing.isOn()) {
      tracings.add(tracing);
      timers.startTimerWithFixedDelay(Tick.TRACE, RunTimes.LOOK_EVERY);
    }
  }

  /** Ends this node's part in the run, and in the cluster if it wants to go. */
  private void close() {
    if (jars != null) {
      jars.forget();
      jars = null;
    }
    if (run != null) {
      run.close();
      run = null;
    }
    kept = false;
    timers.cancel(Tick.ABANDONED);
    spec = null;
    if (drained != null) {
      gone();
      drained.complete(null);
    }
  }

  /** No run is to count on this node, although it may still be a member for seconds. */
  private void gone() {
    if (coordinator != null) {
      coordinator.tell(new Coordinator.Gone(number));
    }
  }

  private void drain(CompletableFuture<Void> done) {
    drained = done;
    if (spec == null) {
      close();
    } else {
      answers.tell(new Coordinator.Drain(number));
    }
  }

  private Behavior<Command> postStop(PostStop signal) {
    if (run != null) {
      run.tracing().end(); // Whoever else ends in the middle of a run gives nothing.
    }
    close();
    self.thread().shutdownNow();
    return Behaviors.same();
  }
}
