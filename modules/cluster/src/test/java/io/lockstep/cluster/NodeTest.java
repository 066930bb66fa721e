package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.util.ByteString;
import io.lockstep.training.Endpoint;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Fingerprint;
import io.lockstep.training.InProcessDataPlane;
import io.lockstep.training.Job;
import io.lockstep.training.Plan;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.Slowdown;
import io.lockstep.training.SmallJob;
import io.lockstep.training.trace.NodeTrace;
import io.lockstep.training.trace.TraceEvent;
import io.lockstep.training.trace.TraceWindow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A node with a shard and a worker, and a coordinator that is a probe. What must not happen is
 * asserted by what comes next.
 */
class NodeTest {

  private static final long LIMIT_SECONDS = 60;
  private static final int NUMBER = 7;
  private static final Job JOB = SmallJob.of(6, 7);
  private static final int MANY_LOOKS = 100;
  private static final Job LONG = SmallJob.of(6, 7, 0.01, 20);
  private static final Job ENDLESS = SmallJob.of(6, 7, 0.01, 1_000_000);
  private static final List<Plan.Share> SHARES = List.of(new Plan.Share(NUMBER, 1));

  @RegisterExtension static final ActorTestKitExtension ACTORS = new ActorTestKitExtension();

  private final TestProbe<Coordinator.Command> coordinator = ACTORS.kit().createTestProbe();
  private final TestProbe<Driver.Command> driver = ACTORS.kit().createTestProbe();
  private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
  private JobSource jobs;
  private TraceWindow traced = TraceWindow.NONE;
  private ActorRef<Node.Command> node;

  @BeforeEach
  void start() {
    Node.Parts parts =
        new Node.Parts(
            "node",
            1,
            1,
            new InProcessDataPlane(),
            new Slowdown(),
            (s, jars) -> jobs.prepare(s, jars),
            false,
            failures::add);
    node = ACTORS.kit().spawn(Node.create(parts, coordinator.ref()));
    expectRegister();
  }

  @AfterEach
  void stop() {
    ACTORS.kit().stop(node);
  }

  private void expectRegister() {
    coordinator.expectMessage(new Coordinator.Register(new NodeInfo("node", 1, 1), node));
  }

  private static PreparedJob prepared(Job job) {
    return new PreparedJob(job, TestCluster.FINGERPRINT, TestCluster.KERNELS);
  }

  private RunSpec spec(Job job) {
    return RunSpecs.of(
        "run",
        "",
        List.of(),
        prepared(job),
        new RunRequest(1, 1, 0, 1 << 14, 30, traced),
        Checkpointing.NONE);
  }

  /** Has the node take part in a run of {@code job}. */
  private RunSpec prepare(Job job) {
    jobs = (spec, jars) -> prepared(job);
    RunSpec spec = spec(job);
    node.tell(new Node.Registered(NUMBER, coordinator.ref()));
    node.tell(new Node.Prepare(spec, driver.ref()));
    expect(spec, new Coordinator.Prepared(NUMBER));
    return spec;
  }

  /** Has the node take part in another run of {@code job}. */
  private RunSpec prepareAnew(Job job) {
    RunSpec spec = spec(job);
    node.tell(new Node.Prepare(spec, driver.ref()));
    expect(spec, new Coordinator.Prepared(NUMBER));
    return spec;
  }

  /** Has the node train {@code job}, as the only one. */
  private RunSpec train(Job job) {
    RunSpec spec = prepare(job);
    node.tell(new Node.Open(0));
    expect(spec, new Coordinator.Opened(0, Endpoint.IN_PROCESS));
    node.tell(new Node.Connect(List.of(Endpoint.IN_PROCESS), 1, SHARES));
    expect(spec, new Coordinator.Ready(NUMBER));
    node.tell(new Node.Activate(1, true));
    return spec;
  }

  /** The next message that the coordinator receives; what is told again and again is left out. */
  private Coordinator.Command next() {
    Coordinator.Command next = coordinator.receiveMessage();
    while (next instanceof Coordinator.Register || tellsSpeed(next)) {
      next = coordinator.receiveMessage();
    }
    return next;
  }

  private static boolean tellsSpeed(Coordinator.Command command) {
    return command instanceof Coordinator.OfNode of && of.command() instanceof Coordinator.Speed;
  }

  private void expect(RunSpec spec, Coordinator.Command command) {
    assertThat(next()).isEqualTo(new Coordinator.OfNode(spec.identity().runId(), NUMBER, command));
  }

  /** What the coordinator is told up to the first message of type {@code last}. */
  private <T extends Coordinator.Command> List<Coordinator.Command> toldUpTo(Class<T> last) {
    List<Coordinator.Command> told = new ArrayList<>();
    while (told.isEmpty() || !last.isInstance(told.getLast())) {
      told.add(((Coordinator.OfNode) next()).command());
    }
    return told;
  }

  private static <T> List<T> only(Class<T> type, List<Coordinator.Command> told) {
    return told.stream().filter(type::isInstance).map(type::cast).toList();
  }

  @Test
  void registersUntilItIsAnswered() {
    expectRegister();
    expectRegister();

    prepare(JOB);
  }

  @Test
  void registersAgainWhenTheCoordinatorIsLost() {
    TestProbe<Coordinator.Command> first = ACTORS.kit().createTestProbe();
    node.tell(new Node.Registered(NUMBER, first.ref()));
    node.tell(new Node.End());
    first.expectMessage(new Coordinator.Gone(NUMBER)); // So it knows that one.
    coordinator.ref().tell(new Coordinator.Gone(NUMBER));
    // After all registrations of before.
    assertThat(next()).isEqualTo(new Coordinator.Gone(NUMBER));
    first.stop();

    expectRegister();
    prepare(JOB);
  }

  @Test
  void trainsTellsOfEachStepAndEvaluates() {
    RunSpec spec = train(JOB);

    List<Coordinator.Command> told = toldUpTo(Coordinator.Left.class);
    assertThat(only(Coordinator.Begun.class, told)).containsExactly(new Coordinator.Begun(0, 1));
    assertThat(
            only(Coordinator.StepsDone.class, told).stream()
                .flatMap(done -> done.sums().stream())
                .map(sums -> sums.weight()))
        .containsExactly(
            48.0, 48.0, 48.0, 48.0, 48.0, 48.0, 12.0, 48.0, 48.0, 48.0, 48.0, 48.0, 48.0, 12.0);
    assertThat(only(Coordinator.Left.class, told).getFirst().microBatches()).containsExactly(76L);

    node.tell(new Node.Evaluate(List.of(Evaluation.TEST), spec.shape().steps(), 1, SHARES));
    assertThat(only(Coordinator.Evaluated.class, toldUpTo(Coordinator.Evaluated.class)).getLast())
        .satisfies(
            done -> {
              assertThat(done.sums().weight()).isEqualTo(330);
              assertThat(done.version()).isEqualTo(14);
            });
    assertThat(failures).isEmpty();
  }

  @Test
  void haltsLeavesAndSettlesAtOneVersion() {
    RunSpec spec = train(ENDLESS);
    toldUpTo(Coordinator.StepsDone.class);

    node.tell(new Node.Halt());
    long halted =
        only(Coordinator.Halted.class, toldUpTo(Coordinator.Halted.class)).getFirst().version();
    node.tell(new Node.Leave());
    toldUpTo(Coordinator.Left.class);
    node.tell(new Node.Settle(halted));
    toldUpTo(Coordinator.Settled.class);
    node.tell(new Node.Evaluate(List.of(Evaluation.TEST), halted, 1, SHARES));

    assertThat(only(Coordinator.Evaluated.class, toldUpTo(Coordinator.Evaluated.class)).getLast())
        .extracting(Coordinator.Evaluated::version)
        .isEqualTo(halted);
    assertThat(spec.shape().steps()).isGreaterThan(halted);
  }

  @Test
  void refusesARunOfAnotherFingerprint() {
    jobs =
        (spec, jars) ->
            new PreparedJob(
                JOB,
                new Fingerprint("conf", "others", "layout", 1, "numerics"),
                TestCluster.KERNELS);
    RunSpec spec = spec(JOB);
    node.tell(new Node.Registered(NUMBER, coordinator.ref()));
    node.tell(new Node.Prepare(spec, driver.ref()));

    expect(
        spec, new Coordinator.Refused(NUMBER, "checksum of the data: expected data, found others"));
  }

  @Test
  void refusesARunThatItCannotPrepare() throws Exception {
    jobs =
        (spec, jars) -> {
          throw new IllegalStateException("no such data here");
        };
    RunSpec spec = spec(JOB);
    node.tell(new Node.Registered(NUMBER, coordinator.ref()));
    node.tell(new Node.Prepare(spec, driver.ref()));

    expect(spec, new Coordinator.Refused(NUMBER, "no such data here"));
    assertThat(failures.poll(LIMIT_SECONDS, TimeUnit.SECONDS)).hasMessage("no such data here");
  }

  @Test
  void answersAgainWhenItIsAskedAgain() {
    RunSpec spec = prepare(JOB);
    node.tell(new Node.Prepare(spec, driver.ref()));
    expect(spec, new Coordinator.Prepared(NUMBER));
    node.tell(new Node.Open(0));
    expect(spec, new Coordinator.Opened(0, Endpoint.IN_PROCESS));
    Node.Connect connect = new Node.Connect(List.of(Endpoint.IN_PROCESS), 1, SHARES);
    node.tell(connect);
    expect(spec, new Coordinator.Ready(NUMBER));

    node.tell(connect);

    expect(spec, new Coordinator.Ready(NUMBER));
  }

  @Test
  void refusesToGoOnWhenAWorkerFails() {
    RunSpec spec = prepare(JOB);
    node.tell(
        new Node.WorkerFailed(spec.identity(), 0, new IllegalStateException("a fault of its")));

    expect(spec, new Coordinator.Refused(NUMBER, "a fault of its"));
  }

  @Test
  void dropsWhatAWorkerOfAnotherRunTells() {
    RunSpec spec = prepare(JOB);
    node.tell(new Node.WorkerFailed(new RunIdentity(-1, -1), 0, new IllegalStateException("late")));
    node.tell(new Node.Know(2, SHARES));

    expect(spec, new Coordinator.PlanKnown(NUMBER, 2));
  }

  @Test
  void forgetsARunThatIsClosed() {
    prepare(JOB);
    node.tell(new Node.Close());
    node.tell(new Node.Know(2, SHARES)); // Of the run that is closed.

    RunSpec next = spec(JOB);
    node.tell(new Node.Prepare(next, driver.ref()));
    expect(next, new Coordinator.Prepared(NUMBER));
  }

  @Test
  void drainsInOrder() throws Exception {
    RunSpec spec = prepare(JOB);
    CompletableFuture<Void> drained = new CompletableFuture<>();
    node.tell(new Node.Drain(drained));
    expect(spec, new Coordinator.Drain(NUMBER));
    assertThat(drained).isNotDone();

    node.tell(new Node.Close());

    drained.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    assertThat(next()).isEqualTo(new Coordinator.Gone(NUMBER));
  }

  @Test
  void tellsThatItCannotHaveAStandby() {
    RunSpec spec = prepare(JOB);
    node.tell(new Node.Mirror(0, 1, Endpoint.IN_PROCESS, 0));

    expect(
        spec,
        new Coordinator.StandbyFailed(
            NUMBER, 0, 1, "a standby lives on another node; here is only one"));
    node.tell(new Node.Mirror(0, 1, Endpoint.IN_PROCESS, 0)); // The answer was lost.
    expect(
        spec,
        new Coordinator.StandbyFailed(
            NUMBER, 0, 1, "a standby lives on another node; here is only one"));
    node.tell(new Node.DropStandby(0));
    node.tell(new Node.WithoutStandby(0, 1)); // Of a shard that is not here.
    node.tell(new Node.Know(2, SHARES));
    expect(spec, new Coordinator.PlanKnown(NUMBER, 2));
  }

  /** The next part that begins there; others were asked for twice. */
  private Tracing.Part part(int at) {
    Driver.Command next = driver.receiveMessage();
    while (!(next instanceof Tracing.Part part && part.at() == at)) {
      next = driver.receiveMessage();
    }
    return (Tracing.Part) next;
  }

  /** All that a node gives when it is asked, the first part of which is there already. */
  private NodeTrace fetch(Tracing.Part first) {
    ByteString bytes = first.content();
    while (bytes.size() < first.of()) {
      node.tell(new Tracing.AskPart(first.life(), bytes.size()));
      bytes = bytes.concat(part(bytes.size()).content());
    }
    node.tell(new Tracing.AskPart(first.life(), bytes.size()));
    return NodeTrace.of("node", bytes.toArrayUnsafe());
  }

  /** The steps are over elsewhere: it is asked before it looks itself. */
  @Test
  void givesWhatItNotedPartByPart() {
    traced = new TraceWindow(0, 12);
    train(JOB);
    Tracing.Announced announced = driver.expectMessageClass(Tracing.Announced.class);
    toldUpTo(Coordinator.Left.class);

    node.tell(new Tracing.AskClock(announced.life(), 5));
    node.tell(new Tracing.AskPart(announced.life(), 0));
    Tracing.Part first = part(0);

    assertThat(first.over()).isTrue();
    assertThat(first.content().size()).isLessThanOrEqualTo(NodeTracing.PART_BYTES);
    assertThat(fetch(first).threads())
        .flatExtracting(NodeTrace.OfThread::events)
        .extracting(TraceEvent::step)
        .contains(0L, 11L)
        .doesNotContain(12L);
  }

  /** It may get a standby before or in the steps. */
  @Test
  void whoHasNoStepsOfItsOwnGivesWhenItIsAsked() {
    traced = new TraceWindow(3, 1);
    prepare(JOB);
    long life = driver.expectMessageClass(Tracing.Announced.class).life();

    node.tell(new Tracing.AskClock(life, 5));
    assertThat(driver.expectMessageClass(Tracing.ClockTold.class).asked()).isEqualTo(5);
    node.tell(Node.Tick.TRACE);
    node.tell(new Tracing.AskClock(life, 6));
    assertThat(driver.expectMessageClass(Tracing.ClockTold.class).asked()).isEqualTo(6);
    node.tell(new Tracing.AskPart(life, 0));

    assertThat(driver.expectMessageClass(Tracing.Part.class).over()).isTrue();
  }

  /** Whoever goes on with the run learns that more may come. */
  @Test
  void givesWhatItNotedUntilTheRunIsClosed() {
    traced = new TraceWindow(12, 100);
    train(JOB);
    toldUpTo(Coordinator.Left.class);
    node.tell(new Node.Close());
    Tracing.Part first = part(0);

    assertThat(first.over()).isFalse();
    assertThat(fetch(first).threads())
        .flatExtracting(NodeTrace.OfThread::events)
        .extracting(TraceEvent::step)
        .contains(12L, 13L);
  }

  @Test
  void givesAnEmptyTraceOfARunThatIsClosedBeforeTheSteps() {
    traced = new TraceWindow(3, 1);
    prepare(JOB);
    node.tell(new Node.Close());
    Tracing.Part first = part(0);

    assertThat(first.over()).isFalse();
    assertThat(fetch(first).threads()).isEmpty();
  }

  /** Whoever gives the rest of what it noted has begun another run with the same driver. */
  @Test
  void givesTheRestOfWhatItNotedWhenItTakesPartAnew() {
    traced = new TraceWindow(0, 1000);
    train(LONG);
    toldUpTo(Coordinator.Left.class);
    node.tell(new Node.Close());
    Tracing.Part first = part(0);
    assertThat(first.of()).isGreaterThan(NodeTracing.PART_BYTES);

    prepareAnew(LONG);

    assertThat(fetch(first).threads())
        .flatExtracting(NodeTrace.OfThread::events)
        .extracting(TraceEvent::step)
        .contains(0L, 100L);
  }

  /** Its own thread is busy with the next one. */
  @Test
  void givesWhatItNotedWhileItPreparesAnotherRun() throws Exception {
    traced = new TraceWindow(12, 100);
    train(JOB);
    toldUpTo(Coordinator.Left.class);
    CompletableFuture<Void> data = new CompletableFuture<>();
    jobs =
        (spec, jars) -> {
          data.join();
          return prepared(JOB);
        };
    RunSpec next = spec(JOB);
    node.tell(new Node.Close());
    node.tell(new Node.Prepare(next, driver.ref()));

    assertThat(fetch(part(0)).threads()).isNotEmpty();
    data.complete(null);
    expect(next, new Coordinator.Prepared(NUMBER));
  }

  @Test
  void whoIsExpelledGivesWhatItNoted() {
    traced = new TraceWindow(12, 100);
    train(JOB);
    toldUpTo(Coordinator.Left.class);
    node.tell(new Node.Expelled("it was late"));
    Tracing.Part first = part(0);

    assertThat(first.over()).isFalse();
    assertThat(fetch(first).threads())
        .flatExtracting(NodeTrace.OfThread::events)
        .extracting(TraceEvent::step)
        .contains(12L, 13L);
  }

  @Test
  void forgetsWhatNobodyAsksFor() {
    traced = new TraceWindow(3, 1);
    prepare(JOB);
    node.tell(new Node.Close());
    long life = part(0).life();
    for (int i = 0; i < MANY_LOOKS; i++) {
      node.tell(Node.Tick.TRACE);
    }

    node.tell(new Tracing.AskPart(life, 0));

    prepareAnew(JOB);
    driver.expectMessageClass(Tracing.Announced.class); // And no part before.
  }

  /** What the driver is told, but for where the time of steps went. */
  private List<Driver.Command> untilLeft() {
    return driver.fishForMessage(
        Duration.ofSeconds(LIMIT_SECONDS),
        message ->
            switch (message) {
              case Driver.Left left -> FishingOutcomes.complete();
              case Driver.Times times -> FishingOutcomes.continueAndIgnore();
              default -> FishingOutcomes.continueAndCollect();
            });
  }

  /** Steps go on without a coordinator, until the driver asks for what there is. */
  @Test
  void keepsARunThatHasLostItsCoordinator() {
    TestProbe<Coordinator.Command> first = ACTORS.kit().createTestProbe();
    jobs = (spec, jars) -> prepared(ENDLESS);
    RunSpec spec = spec(ENDLESS);
    long run = spec.identity().runId();
    node.tell(new Node.Registered(NUMBER, first.ref()));
    node.tell(new Node.Prepare(spec, driver.ref()));
    first.expectMessage(new Coordinator.OfNode(run, NUMBER, new Coordinator.Prepared(NUMBER)));
    node.tell(new Node.Open(0));
    first.expectMessage(
        new Coordinator.OfNode(run, NUMBER, new Coordinator.Opened(0, Endpoint.IN_PROCESS)));
    node.tell(new Node.Connect(List.of(Endpoint.IN_PROCESS), 1, SHARES));
    first.expectMessage(new Coordinator.OfNode(run, NUMBER, new Coordinator.Ready(NUMBER)));
    node.tell(new Node.Activate(1, true));
    first.fishForMessage(
        Duration.ofSeconds(LIMIT_SECONDS),
        told ->
            versionOf(told) > 3 // More than the driver will say that it has heard of.
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
    first.stop();

    int other = NUMBER + 1;
    expectRegister();
    node.tell(new Node.Registered(other, coordinator.ref()));
    assertThat(next()).isEqualTo(new Coordinator.Keeps(other, spec.name()));
    node.tell(new Node.Leave()); // No order counts any more.
    node.tell(new Node.Salvage(run + 1, 0, driver.ref()));
    assertThat(untilLeft().getLast())
        .isEqualTo(new Driver.Left(run + 1, node, 1, List.of(), List.of()));

    node.tell(new Node.Salvage(run, 3, driver.ref()));

    List<Driver.Command> told = untilLeft();
    Driver.Left left = (Driver.Left) told.getLast();
    long version = left.served().getFirst().versions().getFirst();
    assertThat(left.stoodBy()).isEmpty();
    assertThat(((Driver.StepsLeft) told.getFirst()).first()).isEqualTo(3);
    assertThat(
            told.stream()
                .filter(Driver.StepsLeft.class::isInstance)
                .mapToInt(steps -> ((Driver.StepsLeft) steps).sums().size())
                .sum())
        .isEqualTo((int) version - 3);
    node.tell(new Node.HandOver(run, 0, version, driver.ref()));
    driver.expectMessage(new Driver.HandedOver(run, 0, Endpoint.IN_PROCESS));

    RunSpec next = spec(ENDLESS); // It takes the place of the run before.
    node.tell(new Node.Prepare(next, driver.ref()));
    assertThat(next())
        .isEqualTo(
            new Coordinator.OfNode(
                next.identity().runId(), other, new Coordinator.Prepared(other)));
  }

  private static long versionOf(Coordinator.Command told) {
    return told instanceof Coordinator.OfNode(long run, int of, Coordinator.StepsDone done)
        ? done.next()
        : 0;
  }
}
