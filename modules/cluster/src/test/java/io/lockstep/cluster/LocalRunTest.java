package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Job;
import io.lockstep.training.RunEnd;
import io.lockstep.training.SmallJob;
import io.lockstep.training.StepTimes.Sample;
import io.lockstep.training.trace.TraceWindow;
import io.lockstep.wire.LinkShape;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalRunTest {

  private static final long LIMIT_SECONDS = 60;

  /** In the midst of the second epoch, and so of a run of {@link SmallJob}. */
  private static final int HOLD_AT = 10;

  private static final Kernels KERNELS = Kernels.select(Kernels.Choice.AUTO);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void trainsWithActorsToTheSameBitsWithAnyNumberOfWorkersAndServers(boolean overSockets)
      throws Exception {
    RunResult one = run(SmallJob.of(6, 7), 1, 1, false);
    RunResult many = run(SmallJob.of(6, 7), 3, 2, overSockets);

    assertThat(many.weights()).isEqualTo(one.weights());
    assertThat(many.steps()).isEqualTo(14);
    assertThat(many.evaluations()).containsOnlyKeys(Evaluation.VALIDATION, Evaluation.TEST);
    assertThat(many.evaluations().get(Evaluation.TEST).loss)
        .isEqualTo(one.evaluations().get(Evaluation.TEST).loss);
    assertThat(microBatches(many)).hasSize(3).allMatch(count -> count > 0);
    assertThat(microBatches(many).stream().mapToLong(count -> count).sum())
        .isEqualTo(microBatches(one).getFirst());
    assertThat(many.divergence()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void stopsAtACommittedVersionAndEvaluatesIt(boolean overSockets) throws Exception {
    Job endless = SmallJob.of(6, 7, 0.01, 1_000_000);
    CompletableFuture<Long> reached = new CompletableFuture<>();
    RunObserver observer =
        new RunObserver() {
          @Override
          public void stepCommitted(long step, Sums sums, long nanos) {
            if (step == 20) {
              reached.complete(step);
            }
          }
        };

    try (LocalRun run = start(endless, 3, 2, overSockets, observer)) {
      reached.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      run.stop();

      RunResult stopped = result(run);
      assertThat(stopped.steps()).isGreaterThan(20);
      assertThat(stopped.evaluations().get(Evaluation.TEST).weight).isEqualTo(330);
      assertThat(stopped.evaluations().get(Evaluation.VALIDATION).weight).isEqualTo(30);
    }
  }

  @Test
  void refusesAShapeOfLinksThatAreNotThere() {
    LinkShape shape = new LinkShape(1e9, Duration.ofMillis(1));
    RunSettings over = new RunSettings(1, 1, 1 << 14, TestCluster.KERNELS, false).over(shape);
    assertThat(over.overSockets()).isTrue();
    assertThatThrownBy(
            () ->
                new RunSettings(
                    1,
                    1,
                    1 << 14,
                    TestCluster.KERNELS,
                    false,
                    Optional.of(shape),
                    TraceWindow.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("link: expected a run over sockets, which LinkShape[")
        .hasMessageEndingWith("] needs, but found one by reference");
  }

  @Test
  void aStoppedRunHasTheWeightsOfAsManySteps() throws Exception {
    RunResult one = stoppedAt(HOLD_AT, 1, 1, false);
    RunResult many = stoppedAt(HOLD_AT, 2, 2, true);

    assertThat(many.steps()).isEqualTo(one.steps()).isEqualTo(HOLD_AT);
    assertThat(many.weights()).isEqualTo(one.weights());
  }

  private static RunResult stoppedAt(long version, int workers, int servers, boolean overSockets)
      throws Exception {
    Job endless = SmallJob.of(6, 7, 0.01, 1_000_000);
    Heard heard = new Heard(version);
    try (LocalRun run = start(endless, workers, servers, overSockets, heard)) {
      assertThat(Heard.next(heard.holds)).isEqualTo(version);
      run.stop();
      return result(run);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void keepsTheLastGoodWeightsOfARunThatDiverges(boolean overSockets) throws Exception {
    RunResult result = run(SmallJob.of(6, 7, 1e37, 2), 3, 2, overSockets);

    assertThat(result.divergence()).isPresent();
    assertThat(result.steps()).isEqualTo(result.divergence().orElseThrow().step());
    for (float weight : result.weights()) {
      assertThat(weight).isFinite();
    }
  }

  @Test
  void standsStillWhereItIsToldAndGoesOn() throws Exception {
    Job job = SmallJob.of(6, 7);
    Heard heard = new Heard(HOLD_AT);
    try (LocalRun run = start(job, 2, 1, true, heard)) {
      assertThat(Heard.next(heard.holds)).isEqualTo(HOLD_AT);
      assertThat(run.result().toCompletableFuture()).isNotDone();
      run.release();
      assertThat(result(run).weights()).isEqualTo(run(job, 1, 1, false).weights());
    }
  }

  @Test
  void endsTheRunWithTheCauseWhenItsObserverFails() {
    RunObserver failing =
        new RunObserver() {
          @Override
          public void stepCommitted(long step, Sums sums, long nanos) {
            if (step == 3) {
              throw new IllegalStateException("a fault of the observer");
            }
          }
        };

    try (LocalRun run = start(SmallJob.of(6, 7), 3, 1, false, failing)) {
      assertThatThrownBy(() -> result(run)).hasRootCauseMessage("a fault of the observer");
    }
  }

  @Test
  void aRunThatIsClosedLeavesNoThreadBehind() throws Exception {
    Job endless = SmallJob.of(6, 7, 0.01, 1_000_000);
    CompletableFuture<Void> begun = new CompletableFuture<>();
    RunObserver observer =
        new RunObserver() {
          @Override
          public void started() {
            begun.complete(null);
          }
        };

    Set<Thread> ofOthers = Thread.getAllStackTraces().keySet();
    LocalRun run = start(endless, 1, 1, false, observer);
    begun.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    Thread worker =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("lockstep-worker-"))
            .filter(thread -> !ofOthers.contains(thread))
            .findFirst()
            .orElseThrow();
    run.close();

    assertThat(worker.join(Duration.ofSeconds(LIMIT_SECONDS))).isTrue();
    assertThatThrownBy(() -> result(run)).hasRootCauseMessage("the run was broken off");
  }

  /**
   * Of all steps but the first, and the first after a validation: what is before has no end. The
   * last step of an epoch has rows for two of the three workers only; the third may be late for it,
   * which nobody waits for.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tellsOfEachStepWhereTheTimeOfAllWorkersWent(boolean overSockets) throws Exception {
    Queue<Sample> told = new ConcurrentLinkedQueue<>();
    RunObserver observer =
        new RunObserver() {
          @Override
          public void times(int node, List<Sample> samples) {
            told.addAll(samples);
          }
        };
    try (LocalRun run = start(SmallJob.of(6, 7), 3, 2, overSockets, observer)) {
      assertThat(result(run).steps()).isEqualTo(14);
    }

    Map<Long, Integer> workers =
        told.stream()
            .filter(sample -> sample.workers() > 0)
            .collect(Collectors.toMap(Sample::step, Sample::workers, Integer::sum));
    assertThat(workers.keySet())
        .contains(1L, 2L, 3L, 4L, 5L, 8L, 9L, 10L, 11L, 12L)
        .isSubsetOf(1L, 2L, 3L, 4L, 5L, 6L, 8L, 9L, 10L, 11L, 12L, 13L);
    workers.keySet().removeAll(List.of(6L, 13L)); // Over sockets each worker tells for itself.
    assertThat(workers.values()).containsOnly(3);
    assertThat(told).filteredOn(sample -> sample.serve() > 0).hasSize(overSockets ? 2 * 14 : 0);
  }

  private static List<Long> microBatches(RunResult result) {
    return result.nodes().stream()
        .map(RunEnd.NodeWork::microBatches)
        .flatMap(List::stream)
        .toList();
  }

  private static RunResult run(Job job, int workers, int servers, boolean overSockets)
      throws Exception {
    try (LocalRun run = start(job, workers, servers, overSockets, new RunObserver() {})) {
      return result(run);
    }
  }

  private static LocalRun start(
      Job job, int workers, int servers, boolean overSockets, RunObserver observer) {
    RunSettings settings = new RunSettings(workers, servers, 1 << 14, KERNELS, overSockets);
    return LocalRun.start(job, settings, observer);
  }

  private static RunResult result(LocalRun run) throws Exception {
    return run.result().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }
}
