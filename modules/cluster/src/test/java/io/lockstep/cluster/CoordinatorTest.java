package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Sums;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Job;
import io.lockstep.training.RunObserver;
import io.lockstep.training.SmallJob;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CoordinatorTest {

  private static final long LIMIT_SECONDS = 60;
  private static final Kernels KERNELS = Kernels.select(Kernels.Choice.AUTO);

  @RegisterExtension static final ActorTestKitExtension ACTORS = new ActorTestKitExtension();

  @Test
  void trainsWithActorsToTheSameBitsWithAnyNumberOfWorkersAndServers() throws Exception {
    RunResult one = run(SmallJob.of(6, 7), 1, 1);
    RunResult many = run(SmallJob.of(6, 7), 3, 2);

    assertThat(many.weights()).isEqualTo(one.weights());
    assertThat(many.steps()).isEqualTo(14);
    assertThat(many.evaluations()).containsOnlyKeys(Evaluation.VALIDATION, Evaluation.TEST);
    assertThat(many.evaluations().get(Evaluation.TEST).loss)
        .isEqualTo(one.evaluations().get(Evaluation.TEST).loss);
    assertThat(Arrays.stream(many.microBatchesPerWorker()).sum())
        .isEqualTo(one.microBatchesPerWorker()[0]);
    assertThat(many.microBatchesPerWorker()).doesNotContain(0);
    assertThat(many.divergence()).isEmpty();
  }

  @Test
  void endsItselfAndItsChildrenWithTheRun() throws Exception {
    CompletableFuture<RunResult> result = new CompletableFuture<>();
    TestProbe<Void> probe = ACTORS.kit().createTestProbe();

    ActorRef<Coordinator.Command> coordinator =
        spawn(SmallJob.of(6, 7), 2, 1, new Silent(), result);

    result.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    probe.expectTerminated(coordinator, Duration.ofSeconds(LIMIT_SECONDS));
  }

  @Test
  void stopsAtACommittedVersionAndEvaluatesIt() throws Exception {
    Job endless = SmallJob.of(6, 7, 0.01, 1_000_000);
    CompletableFuture<RunResult> result = new CompletableFuture<>();
    CompletableFuture<Long> reached = new CompletableFuture<>();
    RunObserver observer =
        new Silent() {
          @Override
          public void stepCommitted(long step, Sums sums) {
            if (step == 20) {
              reached.complete(step);
            }
          }
        };

    ActorRef<Coordinator.Command> coordinator = spawn(endless, 3, 1, observer, result);
    reached.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    coordinator.tell(new Coordinator.Stop());

    RunResult stopped = result.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    assertThat(stopped.steps()).isGreaterThan(20);
    assertThat(stopped.evaluations().get(Evaluation.TEST).weight).isEqualTo(330);
    assertThat(stopped.evaluations().get(Evaluation.VALIDATION).weight).isEqualTo(30);
  }

  @Test
  void keepsTheLastGoodWeightsOfARunThatDiverges() throws Exception {
    RunResult result = run(SmallJob.of(6, 7, 1e37, 2), 3, 2);

    assertThat(result.divergence()).isPresent();
    assertThat(result.steps()).isEqualTo(result.divergence().orElseThrow().step());
    for (float weight : result.weights()) {
      assertThat(weight).isFinite();
    }
  }

  @Test
  void endsTheRunWithTheCauseWhenAWorkerFails() throws Exception {
    CompletableFuture<RunResult> result = new CompletableFuture<>();
    RunObserver failing =
        new Silent() {
          @Override
          public void stepCommitted(long step, Sums sums) {
            if (step == 3) {
              throw new IllegalStateException("a fault in a worker's thread");
            }
          }
        };

    spawn(SmallJob.of(6, 7), 3, 1, failing, result);

    assertThatThrownBy(() -> result.get(LIMIT_SECONDS, TimeUnit.SECONDS))
        .hasRootCauseMessage("a fault in a worker's thread");
  }

  @Test
  void runsWithoutAnActorSystemOfTheCaller() throws Exception {
    RunSettings settings = new RunSettings(2, 2, 1 << 16, KERNELS);
    try (LocalRun run = LocalRun.start(SmallJob.of(5, 7), settings, new Silent())) {
      RunResult result = run.result().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
      assertThat(result.steps()).isEqualTo(14);
    }
  }

  @Test
  void aRunThatIsClosedLeavesNoThreadBehind() throws Exception {
    CompletableFuture<Thread> worker = new CompletableFuture<>();
    RunObserver observer =
        new Silent() {
          @Override
          public void stepCommitted(long step, Sums sums) {
            worker.complete(Thread.currentThread());
          }
        };
    Job endless = SmallJob.of(6, 7, 0.01, 1_000_000);

    LocalRun run = LocalRun.start(endless, new RunSettings(1, 1, 1 << 16, KERNELS), observer);
    Thread thread = worker.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    run.close();

    assertThat(thread.join(Duration.ofSeconds(LIMIT_SECONDS))).isTrue();
    assertThatThrownBy(
            () -> run.result().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS))
        .hasRootCauseMessage("the run was broken off");
  }

  private static RunResult run(Job job, int workers, int servers) throws Exception {
    CompletableFuture<RunResult> result = new CompletableFuture<>();
    spawn(job, workers, servers, new Silent(), result);
    return result.get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  private static ActorRef<Coordinator.Command> spawn(
      Job job,
      int workers,
      int servers,
      RunObserver observer,
      CompletableFuture<RunResult> result) {
    RunSettings settings = new RunSettings(workers, servers, 1 << 14, KERNELS);
    float[] weights = job.network().initialWeights(job.seed());
    return ACTORS.kit().spawn(Coordinator.create(job, settings, weights, observer, result));
  }

  /** Observes nothing. */
  private static class Silent implements RunObserver {
    @Override
    public void started() {}

    @Override
    public void trained(long version, float[] weights) {}

    @Override
    public void stepCommitted(long step, Sums sums) {}

    @Override
    public void evaluated(Evaluation evaluation, long version, Sums sums) {}

    @Override
    public void diverged(long step, int layer) {}
  }
}
