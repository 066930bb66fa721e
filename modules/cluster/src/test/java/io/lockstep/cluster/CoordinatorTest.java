package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.lockstep.training.DataPlane.Traffic;
import io.lockstep.training.EarlyStopping;
import io.lockstep.training.Endpoint;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Plan;
import io.lockstep.training.RunEnd;
import io.lockstep.training.RunEvent;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.RunShape;
import io.lockstep.training.StepSums;
import io.lockstep.training.Validations;
import io.lockstep.training.trace.TraceWindow;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The coordinator with a server, a worker and a driver that are probes. What must not happen is
 * asserted by what comes next: an actor's messages to another arrive in the order of its acts.
 */
class CoordinatorTest {

  private static final int SERVER = 1;
  private static final int WORKER = 2;
  private static final long STEPS = 3;
  private static final int PATIENCE_SECONDS = 30;
  private static final StepSums SUMS = new StepSums(48, 96, 12, 1_000);
  private static final List<Endpoint> SERVERS = List.of(Endpoint.IN_PROCESS);
  private static final List<Plan.Share> SHARES = List.of(new Plan.Share(WORKER, 1));

  @RegisterExtension
  static final ActorTestKitExtension ACTORS = ActorTestKitExtension.ofManualTime();

  private ActorRef<Coordinator.Command> coordinator;
  private TestProbe<Node.Command> server;
  private TestProbe<Node.Command> worker;
  private TestProbe<Driver.Command> driver;

  @BeforeEach
  void start() {
    coordinator = ACTORS.kit().spawn(Coordinator.create());
    server = ACTORS.kit().createTestProbe();
    worker = ACTORS.kit().createTestProbe();
    driver = ACTORS.kit().createTestProbe();
  }

  @AfterEach
  void stop() {
    ACTORS.kit().stop(coordinator);
  }

  private static RunSpec spec(String name, long id) {
    RunShape shape =
        new RunShape(
            1,
            1,
            0,
            STEPS,
            List.of(Evaluation.TEST),
            RunShape.NO_CHECKPOINTS,
            0,
            EarlyStopping.OFF,
            Validations.NONE,
            16,
            0);
    RunIdentity identity = new RunIdentity(id, 0);
    return new RunSpec(
        name,
        identity,
        "",
        TestCluster.FINGERPRINT,
        shape,
        1 << 14,
        1,
        PATIENCE_SECONDS,
        List.of(),
        TraceWindow.NONE);
  }

  private void register(String name, int slots, int shards, TestProbe<Node.Command> node) {
    coordinator.tell(new Coordinator.Register(new NodeInfo(name, slots, shards), node.ref()));
  }

  private void registerBoth() {
    register("server", 0, 1, server);
    server.expectMessage(new Node.Registered(SERVER, coordinator));
    register("worker", 1, 0, worker);
    worker.expectMessage(new Node.Registered(WORKER, coordinator));
  }

  private void submit(RunSpec spec) {
    submit(spec, Long.MAX_VALUE);
  }

  private void submit(RunSpec spec, long holdAt) {
    coordinator.tell(new Coordinator.Submit(spec, driver.ref(), holdAt));
    driver.expectMessage(new Driver.Accepted(coordinator));
    server.expectMessage(new Node.Prepare(spec, driver.ref()));
    worker.expectMessage(new Node.Prepare(spec, driver.ref()));
  }

  private void tell(long run, Coordinator.Command command) {
    coordinator.tell(new Coordinator.OfRun(run, command));
  }

  /** Brings run 1 to its first step. */
  private void train() {
    registerBoth();
    submit(spec("first", 1));
    connect();
    server.expectMessage(new Node.Activate(1, true));
  }

  private void connect() {
    tell(1, new Coordinator.Prepared(SERVER));
    tell(1, new Coordinator.Prepared(WORKER));
    server.expectMessage(new Node.Open(0));
    tell(1, new Coordinator.Opened(0, Endpoint.IN_PROCESS));
    worker.expectMessage(new Node.Connect(SERVERS, 1, SHARES));
    tell(1, new Coordinator.Ready(WORKER));
    driver.expectMessage(new Driver.Started());
  }

  @Test
  void aRunThatIsToStandStillKnowsThatBeforeItsFirstStep() {
    registerBoth();
    submit(spec("first", 1), 3);
    connect();

    server.expectMessage(new Node.Hold(3));
    server.expectMessage(new Node.Activate(1, true));
  }

  private void expectClosed() {
    server.expectMessage(new Node.Close());
    worker.expectMessage(new Node.Close());
  }

  @Test
  void plansFollowTheSpeedThatNodesTell() {
    int slow = WORKER + 1;
    train();
    TestProbe<Node.Command> other = ACTORS.kit().createTestProbe();
    register("other", 1, 0, other);
    tell(1, new Coordinator.Prepared(slow));
    tell(1, new Coordinator.Ready(slow));
    List<Plan.Share> even = List.of(new Plan.Share(WORKER, 1), new Plan.Share(slow, 1));
    worker.expectMessage(new Node.Know(2, even));
    tell(1, new Coordinator.PlanKnown(WORKER, 2));
    tell(1, new Coordinator.PlanKnown(slow, 2));
    server.expectMessage(new Node.Activate(2, false));
    tell(1, new Coordinator.Begun(1, 2));

    for (int report = 0; report < 5; report++) {
      tell(1, new Coordinator.Speed(WORKER, 1e7));
      tell(1, new Coordinator.Speed(slow, 3e7));
    }

    List<Plan.Share> bySpeed = List.of(new Plan.Share(WORKER, 1), new Plan.Share(slow, 1, 33));
    worker.expectMessage(new Node.Know(3, bySpeed));
  }

  @Test
  void takesARunFromItsNodesToItsEnd() {
    train();

    tell(1, new Coordinator.StepsDone(0, STEPS, List.of(SUMS, SUMS, SUMS)));
    driver.expectMessage(new Driver.Steps(0, List.of(SUMS, SUMS, SUMS)));
    tell(1, new Coordinator.Left(WORKER, List.of(9L), Traffic.NONE));
    driver.expectMessage(new Driver.Trained(STEPS, -1, SERVERS));
    worker.expectMessage(new Node.Evaluate(List.of(Evaluation.TEST), STEPS, 1, SHARES));
    tell(1, new Coordinator.Evaluated(Evaluation.TEST, STEPS, SUMS));
    driver.expectMessage(new Driver.Evaluated(Evaluation.TEST, STEPS, SUMS));
    tell(1, new Coordinator.WeightsKept());

    RunEnd.NodeWork work = new RunEnd.NodeWork("worker", List.of(9L), 0, 0);
    driver.expectMessage(new Driver.Ended(new RunEnd(STEPS, -1, List.of(work))));
    expectClosed();
    submit(spec("second", 2));
  }

  @Test
  void aStopEndsTheRunAtTheVersionThatTheShardsHave() {
    train();
    tell(1, new Coordinator.StepsDone(0, 1, List.of(SUMS)));
    driver.expectMessage(new Driver.Steps(0, List.of(SUMS)));

    tell(1, new Coordinator.Stop());
    server.expectMessage(new Node.Halt());
    tell(1, new Coordinator.StepsDone(0, 2, List.of(SUMS)));
    driver.expectMessage(new Driver.Steps(1, List.of(SUMS)));
    tell(1, new Coordinator.Halted(0, 2));
    worker.expectMessage(new Node.Leave());
    tell(1, new Coordinator.Left(WORKER, List.of(6L), Traffic.NONE));
    server.expectMessage(new Node.Settle(2));
    worker.expectMessage(new Node.Settle(2));
    tell(1, new Coordinator.Settled(SERVER));
    tell(1, new Coordinator.Settled(WORKER));

    driver.expectMessage(new Driver.Trained(2, -1, SERVERS));
  }

  @Test
  void givesANodeThatAsksAgainTheSameNumber() {
    registerBoth();
    register("worker", 1, 0, worker);

    worker.expectMessage(new Node.Registered(WORKER, coordinator));
    coordinator.tell(new Coordinator.NodeDied("worker"));
    register("worker", 1, 0, worker);
    worker.expectMessage(new Node.Registered(WORKER + 1, coordinator));
  }

  @Test
  void aNodeThatDoesNotFitEndsTheRunThatNeedsIt() {
    registerBoth();
    submit(spec("first", 1));
    tell(1, new Coordinator.Refused(WORKER, "checksum of the data: expected a, found b"));

    driver.expectMessage(
        new Driver.Failed("worker cannot take part: checksum of the data: expected a, found b"));
    expectClosed();
  }

  @Test
  void aNodeThatDoesNotFitIsSentAwayFromARunThatGoesOnWithoutIt() {
    train();
    TestProbe<Node.Command> late = ACTORS.kit().createTestProbe();
    register("late", 1, 0, late);
    late.expectMessage(new Node.Registered(WORKER + 1, coordinator));
    late.expectMessage(new Node.Prepare(spec("first", 1), driver.ref()));

    tell(1, new Coordinator.Refused(WORKER + 1, "numerics revision: expected a, found b"));

    late.expectMessage(new Node.Close());
    driver.expectMessage(
        new Driver.Changed(
            new RunEvent(
                RunEvent.What.REFUSED, 0, "late", "numerics revision: expected a, found b")));
    tell(1, new Coordinator.StepsDone(0, 1, List.of(SUMS)));
    driver.expectMessage(new Driver.Steps(0, List.of(SUMS)));
  }

  /** It was the only worker: the server keeps what it has. */
  private void expectSuspended() {
    driver.expectMessage(
        new Driver.Changed(
            new RunEvent(
                RunEvent.What.WAITING, 0, "worker", "its process ended or cannot be reached")));
    driver.expectMessage(new Driver.Suspended("the last worker was lost"));
    server.expectMessage(new Node.Keep(1));
  }

  @Test
  void aWorkerWhoseActorEndsSuspendsTheRunWithItsName() {
    train();
    worker.stop();

    expectSuspended();
  }

  @Test
  void aWorkerWhoseProcessIsSeenToEndSuspendsTheRunAtOnce() {
    train();
    coordinator.tell(new Coordinator.NodeDied("worker"));

    expectSuspended();
  }

  @Test
  void aNodeThatTheRunDoesNotNeedMayEnd() {
    train();
    TestProbe<Node.Command> late = ACTORS.kit().createTestProbe();
    register("late", 1, 0, late);
    late.expectMessage(new Node.Registered(WORKER + 1, coordinator));
    coordinator.tell(new Coordinator.Gone(WORKER + 1));

    tell(1, new Coordinator.StepsDone(0, 1, List.of(SUMS)));
    driver.expectMessage(new Driver.Steps(0, List.of(SUMS)));
  }

  @Test
  void turnsASecondRunAwayAndGoesOnWithTheFirst() {
    train();
    TestProbe<Driver.Command> second = ACTORS.kit().createTestProbe();
    coordinator.tell(new Coordinator.Submit(spec("second", 2), second.ref(), Long.MAX_VALUE));

    second.expectMessage(new Driver.Busy("first"));
    tell(2, new Coordinator.Stop());
    tell(1, new Coordinator.Hold(2));
    server.expectMessage(new Node.Hold(2));
  }

  @Test
  void dropsWhatIsLateFromARunThatIsOver() {
    registerBoth();
    submit(spec("first", 1));
    tell(1, new Coordinator.GivenUp());
    driver.expectMessage(new Driver.Failed("the program that asked for the run has broken it off"));
    expectClosed();
    submit(spec("second", 2));

    tell(1, new Coordinator.Prepared(SERVER)); // Would open the shard, if it counted.
    tell(1, new Coordinator.Prepared(WORKER));
    tell(1, new Coordinator.Refused(WORKER, "late"));
    tell(2, new Coordinator.GivenUp());

    driver.expectMessage(new Driver.Failed("the program that asked for the run has broken it off"));
    expectClosed();
  }

  @Test
  void aDriverThatGoesLeavesTheNodesToTheNext() {
    train();
    driver.stop();
    expectClosed();

    driver = ACTORS.kit().createTestProbe();
    submit(spec("second", 2));
  }

  @Test
  void waitsForNodesAsLongAsTheRunIsPatient() {
    coordinator.tell(new Coordinator.Submit(spec("first", 1), driver.ref(), Long.MAX_VALUE));
    driver.expectMessage(new Driver.Accepted(coordinator));
    register("server", 0, 1, server);
    server.expectMessage(new Node.Registered(SERVER, coordinator)); // So it waits already.

    ACTORS.time().timePasses(Duration.ofSeconds(PATIENCE_SECONDS));

    driver.expectMessage(
        new Driver.Failed(
            "not enough nodes within 30 s: expected 1 workers and 1 parameter servers, found 0"
                + " and room for 1"));
    server.expectMessage(new Node.Close());
  }

  @Test
  void namesWhatARunWaitsForInVain() {
    registerBoth();
    submit(spec("first", 1));
    tell(1, new Coordinator.Prepared(SERVER));
    register("server", 0, 1, server);
    server.expectMessage(new Node.Registered(SERVER, coordinator)); // So that is done.

    ACTORS.time().timePasses(Duration.ofMinutes(10));

    assertThat(driver.expectMessageClass(Driver.Failed.class).why())
        .isEqualTo("reading the data took too long; still awaited: worker");
    server.expectMessage(new Node.Close());
    Node.Command last = worker.receiveMessage();
    while (last instanceof Node.Prepare) { // It was asked again and again.
      last = worker.receiveMessage();
    }
    assertThat(last).isEqualTo(new Node.Close());
  }

  // A run that had another coordinator.

  private static Coordinator.Salvage asked(ActorRef<Driver.Command> by) {
    return new Coordinator.Salvage(1, "first", 7, by);
  }

  @Test
  void asksNodesForWhatIsLeftOfARunAndHasItGoOn() {
    register("server", 0, 1, server);
    server.expectMessage(new Node.Registered(SERVER, coordinator));
    coordinator.tell(new Coordinator.Keeps(SERVER, "first"));
    coordinator.tell(asked(driver.ref()));
    driver.expectMessage(new Driver.Salvaging(1, coordinator));
    server.expectMessage(new Node.Salvage(1, 7, driver.ref()));
    register("worker", 1, 0, worker); // That comes later.
    worker.expectMessage(new Node.Registered(WORKER, coordinator));
    worker.expectMessage(new Node.Salvage(1, 7, driver.ref()));
    TestProbe<Driver.Command> other = ACTORS.kit().createTestProbe();
    coordinator.tell(new Coordinator.Submit(spec("other", 3), other.ref(), Long.MAX_VALUE));
    other.expectMessage(new Driver.Busy("first"));
    coordinator.tell(asked(other.ref()));
    other.expectMessage(new Driver.Busy("first"));

    RunSpec next = spec("first", 2);
    coordinator.tell(new Coordinator.Submit(next, driver.ref(), Long.MAX_VALUE));

    driver.expectMessage(new Driver.Accepted(coordinator));
    expectClosed(); // What they have kept.
    server.expectMessage(new Node.Prepare(next, driver.ref()));
    worker.expectMessage(new Node.Prepare(next, driver.ref()));
  }

  @Test
  void aRunThatNodesKeepComesBeforeOthersUntilItIsGivenUp() {
    registerBoth();
    coordinator.tell(new Coordinator.Keeps(SERVER, "first"));
    coordinator.tell(new Coordinator.Submit(spec("other", 2), driver.ref(), Long.MAX_VALUE));
    driver.expectMessage(new Driver.Busy("first"));
    coordinator.tell(new Coordinator.Keeps(SERVER, ""));

    submit(spec("other", 2));
  }

  @Test
  void nodesForgetARunWhoseDriverIsGone() {
    registerBoth();
    TestProbe<Driver.Command> gone = ACTORS.kit().createTestProbe();
    coordinator.tell(asked(gone.ref()));
    gone.expectMessage(new Driver.Salvaging(1, coordinator));
    server.expectMessage(new Node.Salvage(1, 7, gone.ref()));
    worker.expectMessage(new Node.Salvage(1, 7, gone.ref()));

    gone.stop();

    expectClosed();
    submit(spec("other", 2));
  }

  @Test
  void nodesForgetARunThatItsDriverGivesUp() {
    registerBoth();
    coordinator.tell(asked(driver.ref()));
    driver.expectMessage(new Driver.Salvaging(1, coordinator));
    server.expectMessage(new Node.Salvage(1, 7, driver.ref()));
    worker.expectMessage(new Node.Salvage(1, 7, driver.ref()));

    tell(1, new Coordinator.GivenUp());

    expectClosed();
    submit(spec("other", 2));
  }
}
