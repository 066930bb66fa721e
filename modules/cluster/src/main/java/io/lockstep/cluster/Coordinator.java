package io.lockstep.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import io.lockstep.training.DataPlane;
import io.lockstep.training.Endpoint;
import io.lockstep.training.Evaluation;
import io.lockstep.training.OpenStep;
import io.lockstep.training.RunCourse;
import io.lockstep.training.RunNodes;
import io.lockstep.training.RunTimes;
import io.lockstep.training.ShardPlaces;
import io.lockstep.training.StepSums;
import io.lockstep.training.TotalsPart;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * One for each cluster: knows its nodes, takes one run at a time, and passes on between nodes, the
 * {@link RunCourse} that decides, and the driver that asked for the run.
 */
public final class Coordinator {

  /** What the coordinator is told. */
  public sealed interface Command {}

  /** A node is there; answered by {@link Node.Registered}, and repeated until it is. */
  record Register(NodeInfo info, ActorRef<Node.Command> node) implements Command, ControlMessage {}

  /**
   * A node keeps its part of a run whose coordinator was lost.
   *
   * @param run name of the run; empty if it does so no longer
   */
  record Keeps(int node, String run) implements Command, ControlMessage {}

  /**
   * The driver of a run whose coordinator was lost asks all nodes, and those that are still to
   * come, for what is left of it; answered by {@link Driver.Salvaging}, and repeated until it has
   * all.
   *
   * @param run id of the run
   * @param name of the run
   * @param told steps that the driver has heard of
   */
  record Salvage(long run, String name, long told, ActorRef<Driver.Command> driver)
      implements Command, ControlMessage {}

  /**
   * Asks for a run; answered by {@link Driver.Accepted} or {@link Driver.Busy}.
   *
   * @param holdAt where it is to stand still first, {@link Long#MAX_VALUE} for nowhere: said here,
   *     since a small run may have gone on when the next message comes
   */
  record Submit(RunSpec spec, ActorRef<Driver.Command> driver, long holdAt)
      implements Command, ControlMessage {}

  /**
   * Belongs to a run; dropped when that is over, so that what is late disturbs no other run.
   *
   * @param run id of the run
   * @param command one of those below
   */
  record OfRun(long run, Command command) implements Command, ControlMessage {}

  /**
   * Belongs to a run, and is said by a node of it; dropped when the run is over, or does not count
   * on the node any more: another has taken its place.
   *
   * @param run id of the run
   * @param node who says it
   * @param command one of those below
   */
  record OfNode(long run, int node, Command command) implements Command, ControlMessage {}

  /** A node has the data and fits the run. */
  record Prepared(int node) implements Command, ControlMessage {}

  /** A node cannot take part, or go on. */
  record Refused(int node, String why) implements Command, ControlMessage {}

  /** A shard is there. */
  record Opened(int shard, Endpoint endpoint) implements Command, ControlMessage {}

  /** A node's workers are connected and warm. */
  record Ready(int node) implements Command, ControlMessage {}

  /** A node knows a plan. */
  record PlanKnown(int node, int plan) implements Command, ControlMessage {}

  /** A shard has version {@code next}; with the sums of the steps since the last report. */
  record StepsDone(int shard, long next, List<StepSums> sums) implements Command, ControlMessage {}

  /** A shard waits for the totals over all of θ of a step; repeated until it has them. */
  record Measured(int shard, long step, TotalsPart part) implements Command, ControlMessage {}

  /** A shard has waited for a step much longer than usual. */
  record Late(OpenStep open, int times) implements Command, ControlMessage {}

  /** How long a node's workers compute at a micro-batch. */
  record Speed(int node, double nanosPerMicroBatch) implements Command, ControlMessage {}

  /** A step of a shard is not finite. */
  record StepFailed(int shard, long step, int layer) implements Command, ControlMessage {}

  /** A plan holds from a step on. */
  record Begun(long version, int plan) implements Command, ControlMessage {}

  /** An evaluation is complete. */
  record Evaluated(Evaluation evaluation, long version, StepSums sums)
      implements Command, ControlMessage {}

  /** A shard commits nothing after {@code version}. */
  record Halted(int shard, long version) implements Command, ControlMessage {}

  /** A node's workers have left the steps. */
  record Left(int node, List<Long> microBatches, DataPlane.Traffic traffic)
      implements Command, ControlMessage {}

  /** A node has fallen back to the last version. */
  record Settled(int node) implements Command, ControlMessage {}

  /**
   * A parameter server has lost its connection with a node's workers, or with a standby.
   *
   * @param peer name of that node
   */
  record Disconnected(String peer, String why) implements Command, ControlMessage {}

  /** A standby has all of its shard; its reports begin with the step {@code version}. */
  record Filled(int node, int shard, int number, long version) implements Command, ControlMessage {}

  /** As {@link StepsDone}, of a standby. */
  record StepsMirrored(int shard, int number, long next, List<StepSums> sums)
      implements Command, ControlMessage {}

  /** As {@link Evaluated}, of a standby. */
  record EvaluationMirrored(
      int shard, int number, Evaluation evaluation, long version, StepSums sums)
      implements Command, ControlMessage {}

  /** A standby could not be opened, or connected. */
  record StandbyFailed(int node, int shard, int number, String why)
      implements Command, ControlMessage {}

  /** A shard has waited for its standby much longer than for a usual step. */
  record StandbyLate(int shard, int number) implements Command, ControlMessage {}

  /** A standby has lost its connection with its shard's server. */
  record PrimaryLost(int shard, int number, String why) implements Command, ControlMessage {}

  /** A node has let go of a shard's server; the newest step that it has seen begin. */
  record Forsaken(int node, int shard, long version, int plan, long since)
      implements Command, ControlMessage {}

  /** A node is connected with a shard's new server. */
  record Reconnected(int node, int shard) implements Command, ControlMessage {}

  /** A node has lost its connection with a parameter server, and has waited for another. */
  record CutOff(int node, String why) implements Command, ControlMessage {}

  /** A node wants to go. */
  record Drain(int node) implements Command, ControlMessage {}

  /** A node's process has ended, says whoever started it. */
  record NodeDied(String name) implements Command, ControlMessage {}

  /** A node ends, and takes part in nothing more. */
  record Gone(int node) implements Command, ControlMessage {}

  /** The driver does not want the run any more. */
  record GivenUp() implements Command, ControlMessage {}

  /** The driver has the last weights. */
  record WeightsKept() implements Command, ControlMessage {}

  /** Every shard has its part of the state that the run goes on from. */
  record Restored() implements Command, ControlMessage {}

  /** Asks for a checkpoint as soon as possible. */
  record AskCheckpoint() implements Command, ControlMessage {}

  /** A shard has its snapshot. */
  record SnapshotTaken(int shard, long version) implements Command, ControlMessage {}

  /** A shard cannot have a snapshot of {@code version} any more. */
  record SnapshotMissed(int shard, long version) implements Command, ControlMessage {}

  /** The driver has kept a checkpoint, or has given it up. */
  record CheckpointKept(long version) implements Command, ControlMessage {}

  /** The driver could not fetch the snapshots of the shards. */
  record CheckpointLost(long version) implements Command, ControlMessage {}

  /** Ends the run at the last committed version. */
  record Stop() implements Command, ControlMessage {}

  /** Lets the run stand still at {@code version}. */
  record Hold(long version) implements Command, ControlMessage {}

  /** Lets the run go on. */
  record Release(long nextHold) implements Command, ControlMessage {}

  /** The leading shard will stand still at {@code version}. */
  record Holding(long version) implements Command, ControlMessage {}

  record NodeLost(int node) implements Command {}

  record DriverLost(ActorRef<Driver.Command> driver) implements Command {}

  record TimedOut(String doing) implements Command {}

  record RemindDue() implements Command {}

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Map<Integer, Member> members = new TreeMap<>();
  private final KeptRuns kept = new KeptRuns();
  private int lastNode;
  private ActiveRun run;

  private record Member(NodeInfo info, ActorRef<Node.Command> ref) {}

  private Coordinator(ActorContext<Command> context, TimerScheduler<Command> timers) {
    this.context = context;
    this.timers = timers;
  }

  /** A coordinator that waits for nodes and a run. */
  public static Behavior<Command> create() {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new Coordinator(context, timers).coordinating()));
  }

  private Behavior<Command> coordinating() {
    return Behaviors.receive(Command.class).onAnyMessage(this::on).build();
  }

  private Behavior<Command> on(Command command) {
    context.getLog().debug("{}", command);
    switch (command) {
      case Register register -> register(register);
      case Submit submit -> submit(submit);
      case Keeps keeps -> {
        if (members.containsKey(keeps.node())) {
          kept.keeps(keeps.node(), keeps.run());
        }
      }
      case Salvage asked -> salvage(asked);
      case NodeLost lost -> lost(lost.node());
      case Gone gone -> lost(gone.node());
      case NodeDied died ->
          numberOf(member -> member.info().name().equals(died.name())).ifPresent(this::lost);
      case DriverLost lost when kept.isOf(lost.driver()) -> endSalvage();
      case OfRun of when of.command() instanceof GivenUp && kept.isOf(of.run()) -> endSalvage();
      case OfRun of -> {
        if (isUnderWay(of.run())) {
          inRun(of.command());
        }
      }
      case OfNode of -> {
        if (isUnderWay(of.run()) && members.containsKey(of.node())) {
          inRun(of.command());
        }
      }
      default -> {
        if (run != null) {
          inRun(command);
        }
      }
    }
    return Behaviors.same();
  }

  private boolean isUnderWay(long id) {
    return run != null && run.spec().identity().runId() == id;
  }

  private void inRun(Command command) {
    run.tell(command);
    forgetRunThatIsOver();
  }

  private void register(Register register) {
    Optional<Integer> known = numberOf(member -> member.ref().equals(register.node()));
    if (known.isPresent()) { // It asks again, since the answer was slow or was lost.
      register.node().tell(new Node.Registered(known.get(), context.getSelf()));
      return;
    }
    int node = ++lastNode;
    NodeInfo info = register.info();
    members.put(node, new Member(info, register.node()));
    context.watchWith(register.node(), new NodeLost(node));
    register.node().tell(new Node.Registered(node, context.getSelf()));
    context.getLog().info("node {} is there: {}", info.name(), info);
    if (kept.asked() != null) {
      salvageFrom(register.node());
    }
    if (run != null) {
      run.course().offer(node, info.name(), info.slots(), info.shards());
      forgetRunThatIsOver();
    }
  }

  private Optional<Integer> numberOf(Predicate<Member> property) {
    return members.entrySet().stream()
        .filter(member -> property.test(member.getValue()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private void salvage(Salvage asked) {
    String before = before(asked.driver(), asked.name());
    if (!before.isEmpty()) {
      asked.driver().tell(new Driver.Busy(before));
      return;
    }
    if (kept.asked() == null) {
      context.getLog().info("run {} is to go on with another coordinator", asked.name());
      context.watchWith(asked.driver(), new DriverLost(asked.driver()));
    }
    kept.begin(asked);
    asked.driver().tell(new Driver.Salvaging(asked.run(), context.getSelf()));
    members.values().forEach(member -> salvageFrom(member.ref()));
  }

  private void salvageFrom(ActorRef<Node.Command> node) {
    Salvage asked = kept.asked();
    node.tell(new Node.Salvage(asked.run(), asked.told(), asked.driver()));
  }

  /** Nobody needs what nodes have of the run before. */
  private void endSalvage() {
    if (kept.asked() != null) {
      context.unwatch(kept.asked().driver());
      members.values().forEach(member -> member.ref().tell(new Node.Close()));
    }
    kept.forget();
  }

  /** The run that another must wait for; empty if there is none. */
  private String before(ActorRef<Driver.Command> driver, String name) {
    return run == null ? kept.before(driver, name) : run.spec().name();
  }

  private void submit(Submit submit) {
    String before = before(submit.driver(), submit.spec().name());
    if (!before.isEmpty()) {
      submit.driver().tell(new Driver.Busy(before));
      return;
    }
    endSalvage();
    RunSpec spec = submit.spec();
    context.getLog().info("run {} is asked for", spec.name());
    run = new ActiveRun(spec, submit.driver(), new Orders(context.getSelf()), new Nodes());
    run.course().hold(submit.holdAt());
    submit.driver().tell(new Driver.Accepted(context.getSelf()));
    context.watchWith(submit.driver(), new DriverLost(submit.driver()));
    timers.startTimerWithFixedDelay("remind", new RemindDue(), RunTimes.REMIND_EVERY);
    limit("waiting for nodes", Duration.ofSeconds(spec.patienceSeconds()));
    members.forEach(
        (node, member) ->
            run.course()
                .offer(node, member.info().name(), member.info().slots(), member.info().shards()));
    forgetRunThatIsOver();
  }

  private void lost(int node) {
    if (members.containsKey(node)) {
      without(node, "its process ended or cannot be reached");
      forgetRunThatIsOver();
    }
  }

  /** It may live, and come back under another number: what it had of the run is of no more use. */
  private void expel(int node, String why) {
    if (members.containsKey(node)) {
      tellNode(node, new Node.Expelled(why));
      without(node, why);
    }
  }

  private void tellNode(int node, Node.Command command) {
    Member member = members.get(node);
    if (member != null) {
      member.ref().tell(command);
    }
  }

  private void without(int node, String why) {
    Member member = members.remove(node);
    kept.keeps(node, "");
    context.unwatch(member.ref());
    context.getLog().info("node {} is gone: {}", member.info().name(), why);
    if (run != null) {
      run.course().lost(node, why);
    }
  }

  private void forgetRunThatIsOver() {
    if (run != null && run.course().over()) {
      timers.cancel("remind");
      context.unwatch(run.driver());
      context.getLog().info("run {} is over", run.spec().name());
      run = null;
    }
  }

  private void limit(String doing, Duration limit) {
    context.getLog().debug("{}, for at most {}", doing, limit);
    timers.startSingleTimer("limit", new TimedOut(doing), limit);
  }

  /** The nodes of the run, by what their reports are told. */
  private final class Nodes implements RunNodes {

    @Override
    public void expel(int node, String why) {
      Coordinator.this.expel(node, why);
    }

    @Override
    public void expel(String name, String why) {
      numberOf(member -> member.info().name().equals(name)).ifPresent(node -> expel(node, why));
    }

    @Override
    public void doesNotCount(int server, int shard, int standby) {
      tellNode(server, new Node.WithoutStandby(shard, standby));
    }
  }

  /** Passes on what the course of the run decides. */
  private final class Orders implements CourseOrders {

    private final ActorRef<Command> self;
    private long startNanos;

    private Orders(ActorRef<Command> self) {
      this.self = self;
    }

    @Override
    public void tell(int node, Node.Command command) {
      tellNode(node, command);
    }

    @Override
    public void tellDriver(Driver.Command command) {
      run.driver().tell(command);
    }

    @Override
    public RunSpec spec() {
      return run.spec();
    }

    @Override
    public ActorRef<Driver.Command> driver() {
      return run.driver();
    }

    @Override
    public ShardPlaces places() {
      return run.places();
    }

    @Override
    public void started() {
      startNanos = System.nanoTime();
      CourseOrders.super.started();
    }

    @Override
    public long millisSinceStart() {
      return Duration.ofNanos(System.nanoTime() - startNanos).toMillis();
    }

    @Override
    public ActorRef<Command> coordinator() {
      return self;
    }

    @Override
    public void limit(String doing, Duration limit) {
      Coordinator.this.limit(doing, limit);
    }

    @Override
    public void unlimited() {
      timers.cancel("limit");
    }
  }
}
