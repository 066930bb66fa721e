package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.training.Evaluation;
import io.lockstep.training.Fingerprint;
import io.lockstep.training.RunEnd;
import io.lockstep.training.RunEvent;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Nodes with actor systems and data planes of their own, in one JVM: a server and a worker that
 * serve every test, and what a test adds and takes away again.
 */
class ClusterTest {

  private static final long LIMIT_SECONDS = 60;
  private static final int HOLD_AT = 5;

  private static final TestCluster CLUSTER = new TestCluster();
  private static RunResult expected;

  @BeforeAll
  static void start() throws Exception {
    RunSettings settings = new RunSettings(1, 1, 1 << 20, TestCluster.KERNELS, false);
    try (LocalRun run = LocalRun.start(TestCluster.JOB, settings, new RunObserver() {})) {
      expected = result(run);
    }
    CLUSTER.server("server");
    CLUSTER.worker("worker", 1);
  }

  @AfterAll
  static void stop() {
    CLUSTER.close();
  }

  private static RunResult result(Run run) throws Exception {
    return within(run.result());
  }

  private static <T> T within(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  private static RunResult run(String name, int workers, int servers) throws Exception {
    try (Run run = CLUSTER.run(name, workers, servers, new RunObserver() {})) {
      return result(run);
    }
  }

  /** A run that stands still at {@link #HOLD_AT}, as {@code heard} has it do. */
  private static Run held(String name, int workers, Heard heard) throws Exception {
    Run run = CLUSTER.run(name, workers, 1, heard);
    assertThat(Heard.next(heard.holds)).isEqualTo(HOLD_AT);
    return run;
  }

  private static void assertSameAsInOneJvm(RunResult found) {
    assertThat(found.weights()).isEqualTo(expected.weights());
    assertThat(found.steps()).isEqualTo(expected.steps());
    for (Evaluation evaluation : Evaluation.values()) {
      assertThat(found.evaluations().get(evaluation).loss)
          .isEqualTo(expected.evaluations().get(evaluation).loss);
    }
  }

  private static void drained(ClusterNode node) throws Exception {
    node.drain();
    within(node.ended());
  }

  @Test
  void givesTheSameBitsWithAnyNumberOfNodesAndSlots() throws Exception {
    assertSameAsInOneJvm(run("one worker", 1, 1));

    try (ClusterNode two = CLUSTER.worker("two-slots", 2)) {
      RunResult withThree = run("three workers", 3, 1);
      assertSameAsInOneJvm(withThree);
      assertThat(withThree.nodes())
          .extracting(RunEnd.NodeWork::node)
          .containsExactlyInAnyOrder("worker", "two-slots");
      assertThat(withThree.nodes())
          .allMatch(node -> node.microBatches().stream().allMatch(n -> n > 0));

      try (ClusterNode third = CLUSTER.worker("third", 1);
          ClusterNode second = CLUSTER.server("second-server")) {
        assertSameAsInOneJvm(run("four workers, two servers", 4, 2));

        drained(two);
        drained(third);
        drained(second);
      }
    }
  }

  @Test
  void aWorkerJoinsARunAndLeavesItAgain() throws Exception {
    Heard heard = new Heard(HOLD_AT);
    try (Run run = held("joined", 1, heard);
        ClusterNode joining = CLUSTER.worker("joining", 2)) {
      Heard.next(heard.plans);
      run.release(HOLD_AT + 3);
      assertThat(Heard.next(heard.events))
          .isEqualTo(new RunEvent(RunEvent.What.JOINED, HOLD_AT, "joining", ""));
      assertThat(Heard.next(heard.holds)).isEqualTo(HOLD_AT + 3);

      joining.drain();
      Heard.next(heard.plans);
      run.release();
      assertThat(Heard.next(heard.events))
          .isEqualTo(new RunEvent(RunEvent.What.LEFT, HOLD_AT + 3, "joining", ""));
      within(joining.ended());

      RunResult result = result(run);
      assertSameAsInOneJvm(result);
      assertThat(result.events()).hasSize(2);
      assertThat(result.nodes())
          .filteredOn(node -> node.node().equals("joining"))
          .singleElement()
          .satisfies(node -> assertThat(node.microBatches()).allMatch(n -> n > 0));
    }
  }

  @Test
  void aNodeWithAnotherFingerprintIsRefusedWithTheReason() throws Exception {
    Fingerprint other = new Fingerprint("conf", "other data", "layout", 1, "numerics");
    String reason = "checksum of the data: expected data, found other data";
    Heard heard = new Heard(HOLD_AT);
    try (Run run = held("not disturbed", 1, heard);
        ClusterNode different = CLUSTER.worker("different", 1, other)) {
      assertThat(Heard.next(heard.events))
          .isEqualTo(new RunEvent(RunEvent.What.REFUSED, HOLD_AT, "different", reason));
      run.release();
      assertSameAsInOneJvm(result(run));

      try (Run needing = CLUSTER.run("needs it", 2, 1, new RunObserver() {})) {
        assertThatThrownBy(() -> result(needing))
            .cause()
            .isInstanceOf(RunFailedException.class)
            .hasMessage("different cannot take part: " + reason);
      }
      drained(different);
    }
  }

  @Test
  void aSecondRunIsRefusedAndDoesNotDisturbTheFirst() throws Exception {
    Heard heard = new Heard(HOLD_AT);
    try (Run first = held("the first", 1, heard);
        Run second = CLUSTER.run("the second", 1, 1, new RunObserver() {})) {
      assertThatThrownBy(() -> result(second))
          .cause()
          .isInstanceOf(RunFailedException.class)
          .hasMessageContaining("the cluster serves another run, the first");
      second.stop();
      second.release();
      second.close();
      first.release();

      assertSameAsInOneJvm(result(first));
    }
  }

  @Test
  void whoDoesNotHaveTheKeyCannotJoin() {
    try (Run stranger = CLUSTER.stranger("a stranger's", 2)) {
      assertThatThrownBy(() -> result(stranger))
          .cause()
          .isInstanceOf(RunFailedException.class)
          .hasMessageContaining("could not be joined within 2 s");
    }
  }

  /**
   * The node still answers heartbeats, and computes: nothing but what was told of it can make
   * others take over, and what it sends besides is dropped.
   */
  @Test
  void othersTakeOverFromANodeWhoseProcessEnded() throws Exception {
    Heard heard = new Heard(HOLD_AT);
    try (ClusterNode doomed = CLUSTER.worker("doomed", 1);
        Run run = held("loses a worker", 2, heard)) {
      run.nodeDied(doomed.addresses());

      RunEvent event = Heard.next(heard.events);
      assertThat(event.what()).isEqualTo(RunEvent.What.LOST);
      assertThat(event.step()).isEqualTo(HOLD_AT);
      assertThat(event.node()).isEqualTo("doomed");
      run.release(Long.MAX_VALUE);
      assertSameAsInOneJvm(result(run));
    }
  }

  @Test
  void aDriverThatGoesFreesTheClusterForTheNextRun() throws Exception {
    Run closed = held("broken off", 1, new Heard(HOLD_AT));
    closed.close();

    assertThatThrownBy(() -> result(closed)).isInstanceOf(ExecutionException.class);
    assertSameAsInOneJvm(run("the next", 1, 1));
  }
}
