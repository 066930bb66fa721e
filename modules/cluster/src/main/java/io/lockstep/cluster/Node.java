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
import io.lockstep.training.NodeExchange;
import io.lockstep.training.Plan;
import io.lockstep.training.RunIdentity;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One process in a cluster: registers at the coordinator and does what it is told in the run that
 * it takes part in, through its {@link NodeShards} and {@link NodeWorkers}.
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

  /** Copies this node's shards at {@code version}. */
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

  /** The coordinator does not count on this node any more; it may register again. */
  record Expelled(String why) implements Command, ControlMessage {}

  /** Forgets the run. */
  record Close() implements Command, ControlMessage {}

  /**
   * Leaves the run in order; {@code done} completes when no run needs this node any more.
   *
   * @param done completed by the node
   */
  record Drain(CompletableFuture<Void> done) implements Command {}

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

  private record Connected(NodeRun run, NodeExchange exchange, Throwable failure)
      implements Command {}

  private record CoordinatorLost() implements Command {}

  record TakeReports() implements Command {}

  private enum Tick implements Command {
    REGISTER,
    REPORT,
    JAR,
    SPEED,
    CUT_OFF
  }

  private static final Duration REGISTER_EVERY = Duration.ofSeconds(1);
  private static final Duration REPORT_EVERY = Duration.ofMillis(50);
  private static final Duration SPEED_EVERY = Duration.ofSeconds(1);

  /** A message may be lost with a connection. */
  private static final Duration ASK_AGAIN_AFTER = Duration.ofSeconds(5);

  private static final int MOST_UNANSWERED = 12;

  /**
   * A node that has lost a parameter server cannot know which of them is at fault. If the server
   * lives, it tells the coordinator, which expels this node; if it died, the coordinator hears that
   * soon. This is longer than either takes.
   */
  private static final Duration CUT_OFF_AFTER = Duration.ofSeconds(30);

  /**
   * What a node is made of.
   *
   * @param info what it tells of itself
   * @param plane how its shards and workers meet others; closed by whoever made it
   * @param jobs makes the jobs of runs
   * @param takesJars whether whoever sends classes is known to have the cluster's key
   * @param failures told of what goes wrong here, beside the coordinator
   */
  public record Parts(
      String name,
      int slots,
      int shards,
      DataPlane plane,
      JobSource jobs,
      boolean takesJars,
      Consumer<Throwable> failures) {}

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Parts parts;
  private final ActorRef<Coordinator.Command> entry;
  private final ExecutorService thread;
  private ActorRef<Coordinator.Command> coordinator;
  private int number;
  private RunSpec spec;
  private ActorRef<Driver.Command> driver;
  private JarFetch jars;
  private int unanswered;
  private NodeRun run;
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
    this.thread =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("lockstep-node-" + parts.name()).daemon(true).factory());
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
    switch (command) {
      case Tick tick -> {
        switch (tick) {
          case REGISTER -> register();
          case REPORT -> report();
          case JAR -> askForJarAgain();
          case SPEED -> tellSpeed();
          case CUT_OFF -> refuse(new IllegalStateException(run.workers().lost()));
        }
      }
      case Registered registered -> registered(registered);
      case CoordinatorLost lost -> coordinatorLost();
      case Expelled expelled -> expelled(expelled.why());
      case Prepare prepare -> prepare(prepare);
      case JarPart part -> jarPart(part);
      case JobReady ready -> jobReady(ready);
      case Close close -> close();
      case OfWorker of -> {
        if (run != null && run.spec().identity().equals(of.run())) {
          onWorker(of);
        }
      }
      case Connected connected -> connected(connected);
      case Drain drain -> drain(drain.done());
      case End end -> gone();
      default -> {
        if (run != null) {
          inRun(command);
        }
      }
    }
    return Behaviors.same();
  }

  private void inRun(Command command) {
    switch (command) {
      case Open open -> attempt(() -> open(open.shard()));
      case Connect connect -> connect(connect);
      case Know know -> know(know);
      case TakeOver takeOver -> run.workers().takeOver(takeOver.lost());
      case TakeOverStep takeOver -> run.workers().takeOver(takeOver.late(), takeOver.step());
      case Activate activate -> run.shards().activate(activate.plan(), activate.start());
      case Hold hold -> run.shards().hold(hold.version(), this::holding);
      case GoOn goOn -> run.shards().goOn(goOn.version());
      case Release release -> run.shards().release(release.nextHold(), this::holding);
      case Snapshot snapshot -> snapshot(snapshot.version());
      case Halt halt -> halt();
      case Leave leave -> run.workers().leave();
      case Settle settle -> {
        run.shards().settle(settle.version());
        run.workers().settle(settle.version());
        tell(new Coordinator.Settled(number));
      }
      case Evaluate evaluate ->
          run.workers()
              .evaluate(
                  evaluate.evaluations(),
                  evaluate.version(),
                  new Plan(evaluate.plan(), evaluate.shares()));
      case TakeReports take -> report();
      default -> {}
    }
  }

  private void onWorker(OfWorker command) {
    switch (command) {
      case WorkerReady ready -> {
        if (run.workers().ready(ready.slot())) {
          tell(new Coordinator.Ready(number));
          timers.startTimerWithFixedDelay(Tick.SPEED, SPEED_EVERY);
        }
      }
      case WorkerLeft left -> {
        if (run.workers().lost() != null) {
          cutOff();
        } else if (run.workers().left(left.slot(), left.microBatches())) {
          tell(new Coordinator.Left(number, run.workers().microBatches(), run.workers().traffic()));
        }
      }
      case WorkerEvaluated evaluated -> { // The leading shard tells when all have.
        if (run.workers().lost() != null) {
          cutOff();
        }
      }
      case WorkerFailed failed -> refuse(failed.cause());
    }
  }

  private void cutOff() {
    context.getLog().warn("cut off from the run: {}", run.workers().lost());
    timers.startSingleTimer(Tick.CUT_OFF, CUT_OFF_AFTER);
  }

  /** Tells the coordinator something of the run that this node takes part in. */
  private void tell(Coordinator.Command command) {
    coordinator.tell(new Coordinator.OfRun(spec.identity().runId(), command));
  }

  private void registered(Registered registered) {
    timers.cancel(Tick.REGISTER);
    number = registered.node();
    coordinator = registered.coordinator();
    context.watchWith(coordinator, new CoordinatorLost());
    if (drained != null) {
      gone();
    }
  }

  private void coordinatorLost() {
    registerAnew("the coordinator was lost; looking for another");
  }

  private void expelled(String why) {
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
        tell(new Coordinator.Prepared(number));
      }
      return;
    }
    close();
    spec = prepare.spec();
    driver = prepare.driver();
    if (spec.jars().isEmpty()) {
      prepareJob(List::of);
    } else if (parts.takesJars()) {
      attempt(
          () -> {
            jars = new JarFetch(spec.jars());
            askForJar();
          });
    } else {
      refuse(new IllegalStateException("it has no key, and takes jars only with one"));
    }
  }

  /** One part at a time: so the driver's other messages find room between those of many nodes. */
  private void askForJar() {
    driver.tell(jars.next(context.getSelf()));
    timers.startSingleTimer(Tick.JAR, ASK_AGAIN_AFTER);
  }

  private void askForJarAgain() {
    if (jars == null) {
      return;
    }
    unanswered++;
    if (unanswered < MOST_UNANSWERED) {
      askForJar();
    } else {
      refuse(
          new IllegalStateException(
              "%s did not arrive within %d s"
                  .formatted(jars, ASK_AGAIN_AFTER.toSeconds() * MOST_UNANSWERED)));
      forgetJars();
    }
  }

  private void jarPart(JarPart part) {
    if (jars == null || part.run() != spec.identity().runId() || !jars.accept(part)) {
      return; // Late, or an answer to a question that was asked twice.
    }
    unanswered = 0;
    if (jars.complete()) {
      JarFetch fetched = jars;
      forgetJars();
      prepareJob(fetched::verified);
    } else {
      askForJar();
    }
  }

  private void forgetJars() {
    timers.cancel(Tick.JAR);
    unanswered = 0;
    jars = null;
  }

  private void prepareJob(Supplier<List<Jar>> fetched) {
    RunSpec wanted = spec;
    context.pipeToSelf(
        CompletableFuture.supplyAsync(() -> parts.jobs().prepare(wanted, fetched.get()), thread),
        (prepared, failure) -> new JobReady(wanted, prepared, failure));
  }

  private void jobReady(JobReady ready) {
    if (ready.spec() != spec) {
      return; // That run is over.
    }
    if (ready.failure() != null) {
      refuse(ready.failure());
      return;
    }
    List<String> differences =
        ready.spec().fingerprint().differences(ready.prepared().fingerprint());
    if (!differences.isEmpty()) {
      tell(new Coordinator.Refused(number, String.join("; ", differences)));
      return;
    }
    attempt(
        () -> {
          run = NodeRun.of(context, number, ready.spec(), ready.prepared(), parts.plane());
          tell(new Coordinator.Prepared(number));
        });
  }

  private void refuse(Throwable failure) {
    Throwable root = Causes.root(failure);
    context.getLog().warn("cannot take part in the run: {}", root.toString());
    parts.failures().accept(root);
    tell(new Coordinator.Refused(number, Causes.message(root)));
  }

  /** Memory may not suffice: that ends this node's part, not the actor. */
  private void attempt(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | OutOfMemoryError failure) {
      refuse(failure);
    }
  }

  private void open(int shard) {
    run.shards().open(shard);
    timers.startTimerWithFixedDelay(Tick.REPORT, REPORT_EVERY);
    tell(new Coordinator.Opened(shard, parts.plane().endpoint()));
  }

  private void connect(Connect connect) {
    NodeRun connecting = run;
    NodeWorkers workers = run.workers();
    if (!workers.begin()) { // The answer was lost, or is still to come.
      if (workers.ready()) {
        tell(new Coordinator.Ready(number));
      }
      return;
    }
    Supplier<NodeExchange> connection =
        () -> {
          NodeExchange exchange = workers.connect(parts.name(), parts.slots(), connect.servers());
          exchange.know(new Plan(connect.plan(), connect.shares()));
          return exchange;
        };
    context.pipeToSelf(
        CompletableFuture.supplyAsync(connection, thread),
        (exchange, failure) -> new Connected(connecting, exchange, failure));
  }

  private void connected(Connected connected) {
    if (connected.run() != run) {
      parts.plane().leave(connected.run().spec().identity()); // It was over meanwhile.
    } else if (connected.failure() != null) {
      refuse(connected.failure());
    } else {
      run.workers().start(connected.exchange(), parts.slots());
    }
  }

  private void know(Know know) {
    run.workers().know(new Plan(know.plan(), know.shares()));
    tell(new Coordinator.PlanKnown(number, know.plan()));
  }

  private void holding(long version) {
    tell(new Coordinator.Holding(version));
  }

  private void snapshot(long version) {
    run.shards().snapshot(version, shard -> tell(new Coordinator.SnapshotMissed(shard, version)));
  }

  private void halt() {
    run.shards()
        .halt(
            (shard, version) -> {
              report();
              tell(new Coordinator.Halted(shard, version));
            });
  }

  private void report() {
    if (run != null) {
      run.shards().takeReports(this::tell);
    }
  }

  private void tellSpeed() {
    double nanos = run == null ? 0 : run.workers().nanosPerMicroBatch();
    if (nanos > 0) {
      tell(new Coordinator.Speed(number, nanos));
    }
  }

  /** Ends this node's part in the run, and in the cluster if it wants to go. */
  private void close() {
    timers.cancel(Tick.REPORT);
    timers.cancel(Tick.SPEED);
    timers.cancel(Tick.CUT_OFF);
    forgetJars();
    if (run != null) {
      run.workers().close();
      parts.plane().leave(run.spec().identity());
      run = null;
    }
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
      tell(new Coordinator.Drain(number));
    }
  }

  private Behavior<Command> postStop(PostStop signal) {
    close();
    thread.shutdownNow();
    return Behaviors.same();
  }
}
