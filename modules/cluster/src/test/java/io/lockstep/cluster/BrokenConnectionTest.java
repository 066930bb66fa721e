package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.lockstep.training.RunEvent;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A worker whose connection with a parameter server breaks, while both go on living. */
class BrokenConnectionTest {

  private static final long LIMIT_SECONDS = 60;
  private static final int HOLD_AT = 5;

  @Test
  void theRunGoesOnWithoutTheWorkerWhichJoinsAgain() throws Exception {
    int dataPort = Relay.freePort();
    try (Relay relay = new Relay(dataPort);
        TestCluster cluster = new TestCluster()) {
      cluster.server("server", dataPort, relay.port());
      cluster.worker("steady", 1);
      RunResult undisturbed = result(cluster.run("undisturbed", 1, 1, new RunObserver() {}));
      cluster.workerOverTcp("cut");
      Heard heard = new Heard(HOLD_AT);
      Run run = cluster.run("disturbed", 2, 1, heard);
      assertThat(Heard.next(heard.holds)).isEqualTo(HOLD_AT);

      relay.cut();

      RunEvent lost = Heard.next(heard.events);
      assertThat(lost.what()).isEqualTo(RunEvent.What.LOST);
      assertThat(lost.node()).isEqualTo("cut");
      assertThat(lost.detail()).startsWith("its connection with a parameter server broke: ");
      Heard.next(heard.plans); // Without it.
      run.release(HOLD_AT + 1);
      Heard.next(heard.holds);
      Heard.next(heard.plans); // With it again: the next change begins when the last one holds.
      run.release(Long.MAX_VALUE);
      RunResult found = result(run);
      assertThat(heard.events)
          .extracting(RunEvent::what, RunEvent::node)
          .containsExactly(tuple(RunEvent.What.JOINED, "cut"));
      assertThat(found.weights()).isEqualTo(undisturbed.weights());
    }
  }

  private static RunResult result(Run run) throws Exception {
    try (run) {
      return run.result().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }
  }
}
