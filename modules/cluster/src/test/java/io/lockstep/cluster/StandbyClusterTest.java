package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.training.Evaluation;
import io.lockstep.training.Job;
import io.lockstep.training.RunEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs with standbys, on nodes with actor systems and data planes of their own in one JVM. A node
 * that is lost goes on living and computing: what it sends must have no effect.
 */
class StandbyClusterTest {

  private static final long LIMIT_SECONDS = 60;
  private static final int HOLD_AT = 5;

  private final List<RunEvent> seen = new ArrayList<>();

  private static RunResult result(Run run) throws Exception {
    return run.result().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  private static void assertSameAsInOneJvm(RunResult found) throws Exception {
    assertSameAsInOneJvm(TestCluster.JOB, found);
  }

  private static void assertSameAsInOneJvm(Job job, RunResult found) throws Exception {
    RunSettings settings = new RunSettings(1, 1, 1 << 20, TestCluster.KERNELS, false);
    try (LocalRun run = LocalRun.start(job, settings, new RunObserver() {})) {
      RunResult expected = result(run);
      assertThat(found.weights()).isEqualTo(expected.weights());
      assertThat(found.steps()).isEqualTo(expected.steps());
      for (Evaluation evaluation : Evaluation.values()) {
        assertThat(found.evaluations().get(evaluation).loss)
            .isEqualTo(expected.evaluations().get(evaluation).loss);
      }
    }
  }

  /** The first event of that kind, which a test may have to wait for; others are kept. */
  private RunEvent next(Heard heard, RunEvent.What what) throws InterruptedException {
    Optional<RunEvent> kept = seen.stream().filter(event -> event.what() == what).findFirst();
    if (kept.isPresent()) {
      seen.remove(kept.get());
      return kept.get();
    }
    RunEvent event = Heard.next(heard.events);
    while (event.what() != what) {
      seen.add(event);
      event = Heard.next(heard.events);
    }
    return event;
  }

  /** Waits until each of so many shards has a standby. */
  private void mirrored(Heard heard, int shards) throws InterruptedException {
    Set<String> details = new HashSet<>();
    while (details.size() < shards) {
      details.add(next(heard, RunEvent.What.MIRRORED).detail());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void anotherServerTakesOver(int doomed) throws Exception {
    try (TestCluster cluster = TestCluster.launched()) {
      List<ClusterNode> servers = List.of(cluster.server("server-0"), cluster.server("server-1"));
      cluster.worker("worker-0", 1);
      cluster.worker("worker-1", 1);
      Heard heard = new Heard(HOLD_AT);
      try (Run run = cluster.run("loses a server", 2, 2, heard)) {
        assertThat(Heard.next(heard.holds)).isEqualTo(HOLD_AT);
        mirrored(heard, 2);

        run.nodeDied(servers.get(doomed).addresses());

        RunEvent event = next(heard, RunEvent.What.TOOK_OVER);
        assertThat(event.step()).isEqualTo(HOLD_AT);
        assertThat(event.node()).isEqualTo("server-" + (1 - doomed));
        assertThat(event.detail()).endsWith(" from server-" + doomed);
        mirrored(heard, 2); // By workers.
        run.release(Long.MAX_VALUE);
        assertSameAsInOneJvm(result(run));
      }
    }
  }

  /** A server dies while steps that need a total over all of θ go on. */
  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void anotherServerTakesOverWhereStepsNeedTotals(int doomed) throws Exception {
    Job job = doomed == 0 ? TestCluster.QUASI_NEWTON : TestCluster.CLIPPED;
    try (TestCluster cluster = TestCluster.launched(job)) {
      List<ClusterNode> servers =
          List.of(
              cluster.server("server-0"), cluster.server("server-1"), cluster.server("server-2"));
      for (int worker = 0; worker < 3; worker++) {
        cluster.worker("worker-" + worker, 1);
      }
      Heard heard = new Heard(HOLD_AT);
      try (Run run = cluster.run("loses a server", 3, 3, heard)) {
        assertThat(Heard.next(heard.holds)).isEqualTo(HOLD_AT);
        mirrored(heard, 3);

        run.release(HOLD_AT + 3);
        run.nodeDied(servers.get(doomed).addresses());

        assertThat(next(heard, RunEvent.What.TOOK_OVER).detail())
            .endsWith(" from server-" + doomed);
        assertThat(Heard.next(heard.holds)).isEqualTo(HOLD_AT + 3);
        run.release(Long.MAX_VALUE);
        assertSameAsInOneJvm(job, result(run));
      }
    }
  }

  /** One has all of θ, and asks nobody. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void serversSumTotalsToTheSameBits(int servers) throws Exception {
    Job job = servers == 1 ? TestCluster.CLIPPED : TestCluster.QUASI_NEWTON;
    try (TestCluster cluster = TestCluster.launched(job)) {
      for (int i = 0; i < servers; i++) {
        cluster.server("server-" + i);
        cluster.worker("worker-" + i, 1);
      }
      try (Run run = cluster.run("needs totals", servers, servers, new Heard())) {
        assertSameAsInOneJvm(job, result(run));
      }
    }
  }

  @Test
  void aWorkerTakesOverAndThenAnother() throws Exception {
    try (TestCluster cluster = TestCluster.launched()) {
      ClusterNode server = cluster.server("server");
      List<ClusterNode> workers =
          List.of(
              cluster.worker("worker-0", 1),
              cluster.worker("worker-1", 1),
              cluster.worker("worker-2", 1));
      Heard heard = new Heard(HOLD_AT);
      try (Run run = cluster.run("loses servers", 3, 1, heard)) {
        assertThat(Heard.next(heard.holds)).isEqualTo(HOLD_AT);
        mirrored(heard, 1);

        run.nodeDied(server.addresses());

        String first = next(heard, RunEvent.What.TOOK_OVER).node();
        mirrored(heard, 1);
        run.release(HOLD_AT + 3);
        assertThat(Heard.next(heard.holds)).isEqualTo(HOLD_AT + 3);

        run.nodeDied(
            workers.stream()
                .map(ClusterNode::addresses)
                .filter(addresses -> addresses.name().equals(first))
                .findFirst()
                .orElseThrow());

        RunEvent second = next(heard, RunEvent.What.TOOK_OVER);
        assertThat(second.node()).isNotEqualTo(first);
        assertThat(second.detail()).isEqualTo("shard 0 from " + first);
        run.release(Long.MAX_VALUE);
        assertSameAsInOneJvm(result(run));
      }
    }
  }

  /** What is to be done with the shard waits until the standby serves it. */
  @Test
  void aRunThatIsReleasedWhileAServerIsReplacedGoesOn() throws Exception {
    try (TestCluster cluster = TestCluster.launched()) {
      ClusterNode server = cluster.server("server");
      cluster.worker("worker-0", 1);
      cluster.worker("worker-1", 1);
      Heard heard = new Heard(HOLD_AT);
      try (Run run = cluster.run("loses a server and is released", 2, 1, heard)) {
        assertThat(Heard.next(heard.holds)).isEqualTo(HOLD_AT);
        mirrored(heard, 1);

        run.nodeDied(server.addresses());
        run.release(Long.MAX_VALUE);

        assertSameAsInOneJvm(result(run));
      }
    }
  }
}
