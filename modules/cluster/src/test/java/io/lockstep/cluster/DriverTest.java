package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.util.ByteString;
import io.lockstep.nn.Sums;
import io.lockstep.training.EarlyStopping;
import io.lockstep.training.Endpoint;
import io.lockstep.training.Evaluation;
import io.lockstep.training.RunEnd;
import io.lockstep.training.RunEvent;
import io.lockstep.training.RunIdentity;
import io.lockstep.training.RunShape;
import io.lockstep.training.Salvage;
import io.lockstep.training.ShardCopy;
import io.lockstep.training.StepSums;
import io.lockstep.training.TrainingState;
import io.lockstep.training.Validations;
import io.lockstep.training.trace.NodeTrace;
import io.lockstep.training.trace.RunTrace;
import io.lockstep.training.trace.TraceWindow;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The driver with a coordinator that is a probe. */
class DriverTest {

  private static final long LIMIT_SECONDS = 60;
  private static final int PATIENCE_SECONDS = 30;
  private static final long FAULTY_STEP = 99;
  private static final long RUN = 4711;
  private static final RunShape SHAPE =
      new RunShape(
          1, 1, 0, 3, List.of(Evaluation.TEST), 0, 0, EarlyStopping.OFF, Validations.NONE, 16, 0);
  private static final RunSpec SPEC = spec(TraceWindow.NONE);
  private static final RunSpec NEXT = RunSpecs.goingOn(SPEC, 1, 1, 2, Validations.NONE);
  private static final Sums MADE = new Sums();
  private static final List<Endpoint> SERVERS = List.of(Endpoint.IN_PROCESS);
  private static final float[] WEIGHTS = {1, 2, 3};

  @RegisterExtension
  static final ActorTestKitExtension ACTORS = ActorTestKitExtension.ofManualTime();

  private final BlockingQueue<String> observed = new LinkedBlockingQueue<>();
  private final List<Long> validated = new CopyOnWriteArrayList<>();
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();
  private final CompletableFuture<RunResult> result = new CompletableFuture<>();
  private final TestProbe<Coordinator.Command> coordinator = ACTORS.kit().createTestProbe();
  private volatile Executor threads = Runnable::run;
  private RuntimeException failure;
  private ActorRef<Driver.Command> driver;

  private final RunObserver observer =
      new RunObserver() {
        @Override
        public void stepCommitted(long step, Sums sums, long nanos) {
          if (step == FAULTY_STEP) {
            throw new IllegalStateException("a fault of the observer");
          }
          observed.add(
              "step %d: %.0f of %.0f at %d".formatted(step, sums.loss, sums.weight, nanos));
        }

        @Override
        public void evaluated(Evaluation evaluation, long version, Sums sums, long nanos) {
          if (evaluation == Evaluation.VALIDATION) {
            validated.add(version);
          }
        }

        @Override
        public void traced(RunTrace trace) {
          observed.add("traced without " + trace.missing());
        }

        @Override
        public void event(RunEvent event) {
          events.add(event);
        }

        @Override
        public void checkpointing(long version) {
          observed.add("checkpointing " + version);
        }

        @Override
        public void checkpoint(TrainingState state) {
          observed.add("state of " + state.version());
        }

        @Override
        public void checkpointFailed(long version, String why) {
          observed.add("no state of %d: %s".formatted(version, why));
        }

        @Override
        public void trained(long version, float[] weights) {
          observed.add("trained %d: %d weights".formatted(version, weights.length));
        }
      };

  private static RunSpec spec(TraceWindow traced) {
    return new RunSpec(
        "mine",
        new RunIdentity(RUN, 0),
        "",
        TestCluster.FINGERPRINT,
        SHAPE,
        1 << 14,
        1,
        PATIENCE_SECONDS,
        List.of(),
        traced);
  }

  @BeforeEach
  void start() {
    start(SPEC);
  }

  private void start(RunSpec spec) {
    Driver.Parts parts =
        new Driver.Parts(
            spec,
            List.of(),
            List.of(),
            observer,
            new Shards(),
            Duration.ZERO,
            task -> threads.execute(task),
            result);
    driver = ACTORS.kit().spawn(Driver.create(parts, coordinator.ref()));
    coordinator.expectMessage(new Coordinator.Submit(spec, driver, Long.MAX_VALUE));
  }

  @AfterEach
  void stop() {
    ACTORS.kit().stop(driver);
  }

  /** What the shards have, unless something fails. */
  private final class Shards implements Driver.Transfer {

    @Override
    public float[] weights(long version, List<Endpoint> servers) {
      if (failure != null) {
        throw failure;
      }
      return WEIGHTS;
    }

    @Override
    public TrainingState snapshot(long version, List<Endpoint> servers) {
      return new TrainingState(version, new float[][] {weights(version, servers)});
    }

    @Override
    public void restore(List<Endpoint> servers) {
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public Found salvage(Salvage.Choice<?> choice, List<Endpoint> servers) {
      return new Found(snapshot(choice.next(), servers), choice.ahead().isEmpty() ? null : MADE);
    }

    @Override
    public Next goOn(int servers, Validations validations, TrainingState state) {
      observed.add("goes on at %d with %d servers".formatted(state.version(), servers));
      return new Next(NEXT, this);
    }
  }

  private RunResult result() throws Exception {
    return result.get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  private void assertFailedWith(Class<? extends Throwable> type, String message) {
    assertThatThrownBy(this::result).cause().isInstanceOf(type).hasMessage(message);
  }

  private void expectOfRun(Coordinator.Command command) {
    coordinator.expectMessage(new Coordinator.OfRun(RUN, command));
  }

  private static StepSums sums(double loss) {
    return new StepSums(48, loss, 12, 1_000);
  }

  @Test
  void tellsItsObserverOfEachStepAndResultsInTheLastVersion() throws Exception {
    driver.tell(new Driver.Accepted(coordinator.ref()));
    driver.tell(new Driver.Started());
    driver.tell(new Driver.Steps(0, List.of(sums(7), sums(6))));
    driver.tell(new Driver.Evaluated(Evaluation.VALIDATION, 2, sums(5)));
    driver.tell(new Driver.Steps(2, List.of(sums(4))));
    RunEvent joined = new RunEvent(RunEvent.What.JOINED, 1, "late", "");
    driver.tell(new Driver.Changed(joined));
    driver.tell(new Driver.Trained(3, -1, SERVERS));
    expectOfRun(new Coordinator.WeightsKept());
    driver.tell(new Driver.Evaluated(Evaluation.TEST, 3, sums(3)));
    RunEnd.NodeWork work = new RunEnd.NodeWork("worker", List.of(9L), 0, 0);
    driver.tell(new Driver.Ended(new RunEnd(3, -1, List.of(work))));

    RunResult ended = result();
    assertThat(observed)
        .containsExactly(
            "step 0: 7 of 48 at 1000",
            "step 1: 6 of 48 at 1000",
            "step 2: 4 of 48 at 1000",
            "trained 3: 3 weights");
    assertThat(ended.steps()).isEqualTo(3);
    assertThat(ended.weights()).isEqualTo(WEIGHTS);
    assertThat(ended.nodes()).containsExactly(work);
    assertThat(ended.events()).containsExactly(joined);
    assertThat(ended.divergence()).isEmpty();
    // Version 2 was validated, which is not the last.
    assertThat(ended.evaluations()).containsOnlyKeys(Evaluation.TEST);
    assertThat(ended.evaluations().get(Evaluation.TEST).loss).isEqualTo(3);
  }

  /** One gives its trace, another is gone and nobody has noticed. */
  @Test
  void aRunThatHasEndedWaitsForATraceOnlyAsLongAsItMayCome() throws Exception {
    ACTORS.kit().stop(driver);
    start(spec(new TraceWindow(1, 1)));
    TestProbe<Node.Command> node = ACTORS.kit().createTestProbe();
    TestProbe<Node.Command> gone = ACTORS.kit().createTestProbe();
    driver.tell(new Driver.Accepted(coordinator.ref()));
    driver.tell(new Tracing.Announced("gone", 1, BootId.OWN, gone.ref()));
    driver.tell(new Tracing.Announced("node", 2, BootId.OWN, node.ref()));
    driver.tell(new Tracing.ClockTold("node", 2, 0, 0));
    driver.tell(new Driver.Trained(3, -1, SERVERS));
    expectOfRun(new Coordinator.WeightsKept());
    driver.tell(new Driver.Ended(new RunEnd(3, -1, List.of())));
    ByteString noted = ByteString.fromArray(new NodeTrace("node", List.of()).toBytes());
    driver.tell(new Tracing.Part("node", 2, 0, noted.size(), false, noted));
    node.expectMessageClass(Tracing.AskClock.class);
    node.expectMessage(new Tracing.AskPart(2, noted.size()));
    assertThat(result).isNotDone();

    askInVain(gone);

    assertThat(result().steps()).isEqualTo(3);
    assertThat(observed)
        .containsExactly("trained 3: 3 weights", "traced without {gone=it did not answer}");
  }

  /** Until it is given up. */
  private void askInVain(TestProbe<Node.Command> gone) {
    int asked = 6; // Once as it was announced, then five times more.
    for (int second = 1; second <= asked; second++) {
      assertThat(result).isNotDone();
      gone.expectMessageClass(Tracing.AskClock.class);
      ACTORS.time().timePasses(Duration.ofSeconds(1));
      awaitDriver();
    }
  }

  @Test
  void aRunEndsAlthoughNoThreadPutsItsTraceTogether() throws Exception {
    ACTORS.kit().stop(driver);
    start(spec(new TraceWindow(1, 1)));
    TestProbe<Node.Command> gone = ACTORS.kit().createTestProbe();
    driver.tell(new Driver.Accepted(coordinator.ref()));
    driver.tell(new Tracing.Announced("gone", 1, BootId.OWN, gone.ref()));
    driver.tell(new Driver.Trained(3, -1, SERVERS));
    expectOfRun(new Coordinator.WeightsKept());
    threads =
        task -> {
          throw new OutOfMemoryError("unable to create native thread");
        };
    driver.tell(new Driver.Ended(new RunEnd(3, -1, List.of())));

    askInVain(gone);

    assertThat(result().steps()).isEqualTo(3);
    assertThat(observed)
        .containsExactly(
            "trained 3: 3 weights",
            "traced without {gone=no thread to put it together: unable to create native thread}");
  }

  /** Until it has done what it was told before. */
  private void awaitDriver() {
    driver.tell(new Driver.Hold(9));
    expectOfRun(new Coordinator.Hold(9));
  }

  @Test
  void namesTheLayerOfADivergence() throws Exception {
    driver.tell(new Driver.Accepted(coordinator.ref()));
    driver.tell(new Driver.Trained(1, 2, SERVERS));
    expectOfRun(new Coordinator.WeightsKept());
    driver.tell(new Driver.Ended(new RunEnd(1, 2, List.of())));

    assertThat(result().divergence()).contains(new RunResult.Divergence(1, 2));
  }

  @Test
  void failsWhenTheClusterHasAnotherRun() {
    driver.tell(new Driver.Busy("theirs"));

    assertFailedWith(
        RunFailedException.class,
        "the cluster serves another run, theirs; try again when it is done");
  }

  @Test
  void failsWhenNoCoordinatorAnswers() {
    driver.tell(new Driver.Hold(2));
    expectOfRun(new Coordinator.Hold(2)); // So it has begun to wait.

    ACTORS.time().timePasses(Duration.ofSeconds(PATIENCE_SECONDS + 10));

    assertFailedWith(
        RunFailedException.class, "no coordinator answers: the cluster has no parameter server");
  }

  @Test
  void waitsOnceItIsAccepted() {
    driver.tell(new Driver.Accepted(coordinator.ref()));
    driver.tell(new Driver.Hold(2));
    expectOfRun(new Coordinator.Hold(2));

    ACTORS.time().timePasses(Duration.ofHours(24));
    driver.tell(new Driver.Release(3));
    expectOfRun(new Coordinator.Release(3)); // So what came before is done.

    assertThat(result).isNotDone();
  }

  @Test
  void failsWhenTheCoordinatorIsLost() {
    TestProbe<Coordinator.Command> accepting = ACTORS.kit().createTestProbe();
    driver.tell(new Driver.Accepted(accepting.ref()));
    driver.tell(new Driver.Hold(2));
    accepting.expectMessage(new Coordinator.OfRun(RUN, new Coordinator.Hold(2)));
    accepting.stop();

    assertFailedWith(RunFailedException.class, "the coordinator was lost");
  }

  @Test
  void stopsTheRunWhoseWeightsCannotBeFetched() {
    failure = new IllegalStateException("nobody there");
    driver.tell(new Driver.Accepted(coordinator.ref()));
    driver.tell(new Driver.Trained(3, -1, SERVERS));

    assertFailedWith(RunFailedException.class, "the weights could not be fetched: nobody there");
    expectOfRun(new Coordinator.Stop());
  }

  @Test
  void handsOverTheStateOfACheckpointAndTellsWhenItIsKept() throws Exception {
    driver.tell(new Driver.Accepted(coordinator.ref()));
    driver.tell(new Driver.Checkpoint(2, SERVERS));
    assertThat(observed.poll(LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo("checkpointing 2");
    assertThat(observed.poll(LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo("state of 2");

    driver.tell(new Driver.CheckpointKept(2));

    expectOfRun(new Coordinator.CheckpointKept(2));
    assertThat(observed).isEmpty();
  }

  @Test
  void aCheckpointThatCannotBeFetchedIsGivenUp() {
    failure = new IllegalStateException("nobody there");
    driver.tell(new Driver.Accepted(coordinator.ref()));

    driver.tell(new Driver.Checkpoint(2, SERVERS));

    expectOfRun(new Coordinator.CheckpointLost(2));
    assertThat(observed).containsExactly("checkpointing 2", "no state of 2: nobody there");
  }

  @Test
  void tellsWhenTheStateIsRestored() {
    driver.tell(new Driver.Accepted(coordinator.ref()));

    driver.tell(new Driver.Restore(SERVERS));

    expectOfRun(new Coordinator.Restored());
  }

  @Test
  void stopsTheRunWhoseObserverFails() {
    driver.tell(new Driver.Accepted(coordinator.ref()));
    driver.tell(new Driver.Steps(FAULTY_STEP, List.of(sums(7))));

    assertFailedWith(IllegalStateException.class, "a fault of the observer");
    expectOfRun(new Coordinator.Stop());
  }

  @Test
  void passesAStopOnAndStillResultsInWhatWasLearned() throws Exception {
    driver.tell(new Driver.Accepted(coordinator.ref()));
    driver.tell(new Driver.Stop());
    expectOfRun(new Coordinator.Stop());
    driver.tell(new Driver.Trained(2, -1, SERVERS));
    expectOfRun(new Coordinator.WeightsKept());
    driver.tell(new Driver.Ended(new RunEnd(2, -1, List.of())));

    assertThat(result().steps()).isEqualTo(2);
  }

  @Test
  void givesARunUpWithoutAResult() {
    driver.tell(new Driver.GiveUp());

    expectOfRun(new Coordinator.GivenUp());
    assertFailedWith(RunFailedException.class, "the run was broken off");
  }

  @Test
  void tellsTheCoordinatorWhoseProcessHasEnded() {
    driver.tell(new Driver.Accepted(coordinator.ref()));
    HostPort address = new HostPort("192.0.2.1", 7355);
    driver.tell(new Driver.NodeDied(new NodeAddresses("worker-1", address, address)));

    coordinator.expectMessage(new Coordinator.NodeDied("worker-1"));
  }

  // Another coordinator.

  /** A run that has told of one step, and then loses its coordinator. */
  private void loseCoordinator() {
    TestProbe<Coordinator.Command> first = ACTORS.kit().createTestProbe();
    driver.tell(new Driver.Accepted(first.ref()));
    driver.tell(new Driver.Started());
    driver.tell(new Driver.Steps(0, List.of(sums(7))));
    driver.tell(new Driver.Hold(9)); // So what came before is done.
    first.expectMessage(new Coordinator.OfRun(RUN, new Coordinator.Hold(9)));
    first.stop();
    coordinator.expectMessage(new Coordinator.Salvage(RUN, "mine", 1, driver));
    driver.tell(new Driver.Salvaging(RUN, coordinator.ref()));
  }

  private TestProbe<Node.Command> nodeWith(Long... versions) {
    TestProbe<Node.Command> node = ACTORS.kit().createTestProbe();
    ShardCopy copy = new ShardCopy(0, 0, List.of(versions));
    driver.tell(new Driver.Left(RUN, node.ref(), 1, List.of(), List.of(copy)));
    return node;
  }

  private void expectGoesOn() {
    coordinator.expectMessage(new Coordinator.Submit(NEXT, driver, 9));
  }

  @Test
  void goesOnWithAnotherCoordinatorAndTellsEachStepOnce() throws Exception {
    loseCoordinator();
    driver.tell(new Driver.EvaluationLeft(RUN, Evaluation.VALIDATION, 2, sums(5)));
    driver.tell(new Driver.StepsLeft(RUN, 0, List.of(sums(7), sums(6))));
    TestProbe<Node.Command> node = nodeWith(2L, 2L);
    node.expectMessage(new Node.HandOver(RUN, 0, 2, driver));
    driver.tell(new Driver.HandedOver(RUN, 0, Endpoint.IN_PROCESS));
    expectGoesOn();
    driver.tell(new Driver.Accepted(coordinator.ref()));
    driver.tell(new Driver.Started());
    driver.tell(new Driver.Evaluated(Evaluation.VALIDATION, 2, sums(5))); // Once more.
    driver.tell(new Driver.Steps(2, List.of(sums(4))));
    driver.tell(new Driver.Trained(3, -1, SERVERS));
    coordinator.expectMessage(
        new Coordinator.OfRun(NEXT.identity().runId(), new Coordinator.WeightsKept()));
    driver.tell(new Driver.Ended(new RunEnd(3, -1, List.of())));

    assertThat(result().steps()).isEqualTo(3);
    assertThat(observed.stream().map(line -> line.replaceAll(" at \\d{4,}", "")))
        .containsExactly(
            "step 0: 7 of 48",
            "step 1: 6 of 48",
            "goes on at 2 with 1 servers",
            "step 2: 4 of 48",
            "trained 3: 3 weights");
    assertThat(validated).containsExactly(2L);
    assertThat(events)
        .containsExactly(new RunEvent(RunEvent.What.WENT_ON, 2, "", "the coordinator was lost"));
  }

  @Test
  void tellsOfAStepThatWasDoneAgain() throws Exception {
    loseCoordinator();
    TestProbe<Node.Command> node = nodeWith(2L, 1L);
    node.expectMessage(new Node.HandOver(RUN, 0, 1, driver));
    driver.tell(new Driver.HandedOver(RUN, 0, Endpoint.IN_PROCESS));

    expectGoesOn();
    assertThat(observed).element(1).asString().startsWith("step 1: 0 of 0 at ");
    assertThat(events).extracting(RunEvent::step).containsExactly(2L);
  }

  @Test
  void breaksOffWhereTooLittleIsLeft() {
    loseCoordinator();
    nodeWith(2L, 2L); // Nobody knows of step 1.
    for (int second = 0; second < 20; second++) {
      ACTORS.time().timePasses(Duration.ofSeconds(1));
    }

    assertFailedWith(
        RunBrokenException.class,
        "the coordinator was lost, and too little of the run is left at the nodes");
  }

  @Test
  void breaksOffWhenNoOtherCoordinatorAnswers() {
    TestProbe<Coordinator.Command> first = ACTORS.kit().createTestProbe();
    driver.tell(new Driver.Accepted(first.ref()));
    driver.tell(new Driver.Started());
    driver.tell(new Driver.Hold(9));
    first.expectMessage(new Coordinator.OfRun(RUN, new Coordinator.Hold(9)));
    first.stop();
    coordinator.expectMessage(new Coordinator.Salvage(RUN, "mine", 0, driver));
    for (int second = 0; second < 60; second++) {
      ACTORS.time().timePasses(Duration.ofSeconds(1));
    }

    assertFailedWith(RunBrokenException.class, "the coordinator was lost, and no other answers");
  }

  @Test
  void breaksOffWhenTheCoordinatorIsLostAgainMeanwhile() {
    loseCoordinator();
    driver.tell(new Driver.Hold(9)); // So it knows that one.
    coordinator.expectMessage(new Coordinator.OfRun(RUN, new Coordinator.Hold(9)));
    coordinator.stop();

    assertFailedWith(RunBrokenException.class, "the coordinator was lost");
  }
}
