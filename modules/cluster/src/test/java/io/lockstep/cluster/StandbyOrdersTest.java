package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.lockstep.training.EarlyStopping;
import io.lockstep.training.Endpoint;
import io.lockstep.training.Plan;
import io.lockstep.training.Promotion;
import io.lockstep.training.RunEvent;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.RunShape;
import io.lockstep.training.StepSums;
import io.lockstep.training.Validations;
import io.lockstep.training.trace.TraceWindow;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The coordinator of a run with standbys: a server, a worker that has the standby, and a driver are
 * probes. What must not happen is asserted by what comes next.
 */
class StandbyOrdersTest {

  private static final int SERVER = 1;
  private static final int WORKER = 2;

  /** The number of the first standby. */
  private static final int FIRST = 1;

  private static final long RUN = 1;
  private static final StepSums SUMS = new StepSums(48, 96, 12, 1_000);
  private static final List<Plan.Share> SHARES = List.of(new Plan.Share(WORKER, 1));
  private static final Endpoint OLD = new Endpoint("old", 1, "", "");
  private static final Endpoint NEW = new Endpoint("new", 2, "", "");

  @RegisterExtension
  static final ActorTestKitExtension ACTORS = ActorTestKitExtension.ofManualTime();

  private ActorRef<Coordinator.Command> coordinator;
  private final TestProbe<Node.Command> server = ACTORS.kit().createTestProbe();
  private final TestProbe<Node.Command> worker = ACTORS.kit().createTestProbe();
  private final TestProbe<Driver.Command> driver = ACTORS.kit().createTestProbe();

  /** Brings the run to its first step. */
  @BeforeEach
  void train() {
    coordinator = ACTORS.kit().spawn(Coordinator.create());
    register("server", 0, 1, server);
    register("worker", 1, 0, worker);
    coordinator.tell(new Coordinator.Submit(spec(), driver.ref(), Long.MAX_VALUE));
    driver.expectMessage(new Driver.Accepted(coordinator));
    server.expectMessageClass(Node.Prepare.class);
    worker.expectMessageClass(Node.Prepare.class);
    tell(new Coordinator.Prepared(SERVER));
    tell(new Coordinator.Prepared(WORKER));
    server.expectMessage(new Node.Open(0));
    tell(new Coordinator.Opened(0, OLD));
    worker.expectMessage(new Node.Connect(List.of(OLD), 1, SHARES));
    tell(new Coordinator.Ready(WORKER));
    driver.expectMessage(new Driver.Started());
    server.expectMessage(new Node.Activate(1, true));
  }

  @AfterEach
  void stop() {
    ACTORS.kit().stop(coordinator);
  }

  private void register(String name, int slots, int shards, TestProbe<Node.Command> node) {
    coordinator.tell(new Coordinator.Register(new NodeInfo(name, slots, shards), node.ref()));
    node.expectMessageClass(Node.Registered.class);
  }

  private static RunSpec spec() {
    RunShape shape =
        new RunShape(
            1,
            1,
            0,
            1_000,
            List.of(),
            RunShape.NO_CHECKPOINTS,
            0,
            EarlyStopping.OFF,
            Validations.NONE,
            16,
            1);
    RunIdentity identity = new RunIdentity(RUN, 0);
    return new RunSpec(
        "a run",
        identity,
        "",
        TestCluster.FINGERPRINT,
        shape,
        1 << 14,
        1,
        30,
        List.of(),
        TraceWindow.NONE);
  }

  private void tell(Coordinator.Command command) {
    coordinator.tell(new Coordinator.OfRun(RUN, command));
  }

  private Node.Mirror expectMirror() {
    Node.Mirror mirror = worker.expectMessageClass(Node.Mirror.class);
    assertThat(mirror.shard()).isZero();
    assertThat(mirror.server()).isEqualTo(OLD);
    assertThat(mirror.millis()).isNotNegative();
    return mirror;
  }

  private void expectEvent(RunEvent.What what, String node, String detail) {
    driver.expectMessage(new Driver.Changed(new RunEvent(what, 0, node, detail)));
  }

  private void fill() {
    expectMirror();
    tell(new Coordinator.Filled(WORKER, 0, FIRST, 0));
    expectEvent(RunEvent.What.MIRRORED, "worker", "shard 0");
  }

  @Test
  void aStandbyTakesOverWhenItHasLostItsServer() {
    fill();

    tell(new Coordinator.PrimaryLost(0, FIRST, "the connection broke"));

    server.expectMessage(new Node.Expelled("the connection broke"));
    worker.expectMessage(new Node.Forsake(0));
    tell(new Coordinator.Forsaken(WORKER, 0, 7, 1, 0));
    worker.expectMessage(new Node.Promote(0, FIRST, new Promotion(7, 1, 1, Long.MAX_VALUE)));
    tell(new Coordinator.Opened(0, NEW));
    worker.expectMessage(new Node.Reconnect(0, NEW));
    assertThat(driver.expectMessageClass(Driver.Changed.class).event().what())
        .isIn(RunEvent.What.LOST, RunEvent.What.TOOK_OVER);
  }

  @Test
  void aServerWhoseProcessIsSeenToEndIsReplacedAtOnce() {
    fill();

    coordinator.tell(new Coordinator.NodeDied("server"));

    worker.expectMessage(new Node.Forsake(0));
  }

  @Test
  void onlyTheStandbyThatCountsTellsThatItsServerIsLost() {
    fill();
    tell(new Coordinator.PrimaryLost(0, FIRST + 1, "there is no such standby"));
    tell(new Coordinator.StandbyLate(0, FIRST));
    server.expectMessageClass(Node.WithoutStandby.class);

    tell(new Coordinator.PrimaryLost(0, FIRST, "it was given up"));

    tell(new Coordinator.StepsDone(0, 1, List.of(SUMS)));
    expectEvent(RunEvent.What.UNMIRRORED, "worker", "shard 0, it holds up the steps");
    driver.expectMessage(new Driver.Steps(0, List.of(SUMS)));
  }

  /** The order to go on without it was lost. */
  @Test
  void aServerThatWaitsForAStandbyThatWasGivenUpIsToldAgain() {
    fill();
    tell(new Coordinator.StandbyLate(0, FIRST));
    server.expectMessage(new Node.WithoutStandby(0, FIRST));

    tell(new Coordinator.StandbyLate(0, FIRST));

    server.expectMessage(new Node.WithoutStandby(0, FIRST));
  }

  /** It filled the one before meanwhile, and tells so late. */
  @Test
  void anEmptyStandbyDoesNotCountForWhatIsToldOfTheOneBefore() {
    expectMirror();
    tell(new Coordinator.StandbyFailed(WORKER, 0, FIRST, "no memory"));
    expectEvent(RunEvent.What.UNMIRRORED, "worker", "shard 0: no memory");
    worker.expectMessage(new Node.DropStandby(0));
    tell(new Coordinator.StepsDone(0, 100, Collections.nCopies(100, SUMS)));
    assertThat(expectMirror().number()).isEqualTo(FIRST + 1);

    tell(new Coordinator.Filled(WORKER, 0, FIRST, 0));
    coordinator.tell(new Coordinator.NodeDied("server"));

    driver.expectMessageClass(Driver.Steps.class);
    driver.expectMessageClass(Driver.Broken.class);
  }

  @Test
  void ofTwoThatReportEachOtherTheFirstIsBelieved() {
    fill();
    tell(new Coordinator.PrimaryLost(0, FIRST, "the connection broke"));
    server.expectMessage(new Node.Expelled("the connection broke"));
    worker.expectMessage(new Node.Forsake(0));

    Coordinator.Command late = new Coordinator.Disconnected("worker", "the connection broke");
    coordinator.tell(new Coordinator.OfNode(RUN, SERVER, late));

    tell(new Coordinator.Forsaken(WORKER, 0, 0, 1, 0));
    worker.expectMessageClass(Node.Promote.class);
  }

  @Test
  void aStandbyThatHoldsUpTheStepsIsGivenUp() {
    int number = expectMirror().number();
    tell(new Coordinator.StandbyLate(0, FIRST));

    worker.expectMessage(new Node.DropStandby(0));
    server.expectMessage(new Node.WithoutStandby(0, number));
  }

  @Test
  void aStandbyThatCannotBeOpenedIsToldOf() {
    int number = expectMirror().number();
    tell(new Coordinator.StandbyFailed(WORKER, 0, number, "no memory"));

    expectEvent(RunEvent.What.UNMIRRORED, "worker", "shard 0: no memory");
    worker.expectMessage(new Node.DropStandby(0));
    server.expectMessage(new Node.WithoutStandby(0, number));
  }
}
