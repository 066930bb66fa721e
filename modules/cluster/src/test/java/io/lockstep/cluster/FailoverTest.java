package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.training.Job;
import io.lockstep.training.RunEvent;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A run whose coordinator goes with its node, while that node's shard is taken over: it goes on
 * from what the other nodes have.
 */
class FailoverTest {

  private static final long LIMIT_SECONDS = 120;
  private static final int HOLD_AT = 5;

  private static RunResult result(Run run) throws Exception {
    return run.result().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  private static RunEvent next(Heard heard, RunEvent.What what) throws InterruptedException {
    RunEvent event = Heard.next(heard.events);
    while (event.what() != what) {
      event = Heard.next(heard.events);
    }
    return event;
  }

  /** The same steps and validations in the same order, each once, and the same weights. */
  private static void assertSameAsInOneJvm(Job job, RunResult found, Heard heard) throws Exception {
    Heard expected = new Heard();
    RunSettings settings = new RunSettings(1, 1, 1 << 20, TestCluster.KERNELS, false);
    try (LocalRun run = LocalRun.start(job, settings, expected)) {
      assertThat(found.weights()).isEqualTo(result(run).weights());
    }
    assertThat(heard.progress).containsExactlyElementsOf(expected.progress);
  }

  @Test
  void anotherCoordinatorGoesOnWithoutTheLossOfAStep() throws Exception {
    anotherCoordinatorGoesOn(TestCluster.JOB);
  }

  /** A step that waits for the lost coordinator's totals is done under the next one. */
  @Test
  void anotherCoordinatorGoesOnWhereStepsNeedTotals() throws Exception {
    anotherCoordinatorGoesOn(TestCluster.CLIPPED);
  }

  /** What they were measured on may be gone, where a part of a step was done. */
  @Test
  void anotherCoordinatorGoesOnWhereTotalsAreOfTheState() throws Exception {
    anotherCoordinatorGoesOn(TestCluster.QUASI_NEWTON);
  }

  private static void anotherCoordinatorGoesOn(Job job) throws Exception {
    try (TestCluster cluster = TestCluster.withStandbys(job)) {
      ClusterNode first = cluster.server("server-0");
      cluster.server("server-1");
      cluster.server("server-2");
      cluster.worker("worker-0", 1);
      Heard heard = new Heard(HOLD_AT);
      try (Run run = cluster.run("goes on", 1, 3, heard)) {
        assertThat(Heard.next(heard.holds)).isEqualTo(HOLD_AT);
        for (int shard = 0; shard < 3; shard++) {
          next(heard, RunEvent.What.MIRRORED);
        }

        first.close();
        run.release(Long.MAX_VALUE); // The coordinator that is being lost may still hear of it.

        assertThat(next(heard, RunEvent.What.WENT_ON).step()).isGreaterThanOrEqualTo(HOLD_AT);
        assertSameAsInOneJvm(job, result(run), heard);
      }
    }
  }

  @Test
  void aRunWhoseLastWorkerIsLostWaitsForAnotherAndGoesOnAtThatStep() throws Exception {
    try (TestCluster cluster = TestCluster.launched()) {
      cluster.server("server-0");
      ClusterNode only = cluster.worker("worker-0", 1);
      Heard heard = new Heard(HOLD_AT);
      try (Run run = cluster.run("waits", 1, 1, heard)) {
        assertThat(Heard.next(heard.holds)).isEqualTo(HOLD_AT);

        only.close();
        RunEvent waiting = next(heard, RunEvent.What.WAITING);
        assertThat(waiting.step()).isEqualTo(HOLD_AT);
        assertThat(waiting.node()).isEqualTo("worker-0");
        run.release(Long.MAX_VALUE);
        cluster.worker("worker-1", 1);

        RunEvent wentOn = next(heard, RunEvent.What.WENT_ON);
        assertThat(wentOn.step()).isEqualTo(HOLD_AT);
        assertThat(wentOn.detail()).isEqualTo("the last worker was lost");
        assertSameAsInOneJvm(TestCluster.JOB, result(run), heard);
      }
    }
  }
}
