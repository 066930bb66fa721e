package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.kernels.Kernels;
import io.lockstep.training.RunEvent;
import io.lockstep.training.SmallJob;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Failures of workers within one JVM. */
@Timeout(120)
class LocalFaultsTest {

  private static final long LIMIT_SECONDS = 60;
  private static final int HOLD_AT = 5;
  private static final Kernels KERNELS = Kernels.select(Kernels.Choice.AUTO);

  private static LocalRun start(int workers, boolean overSockets, RunObserver observer) {
    RunSettings settings = new RunSettings(workers, 1, 1 << 14, KERNELS, overSockets);
    return LocalRun.start(SmallJob.of(6, 7), settings, observer);
  }

  private static float[] weights(LocalRun run) throws Exception {
    return run.result().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS).weights();
  }

  private static float[] undisturbed() throws Exception {
    try (LocalRun run = start(1, false, new RunObserver() {})) {
      return weights(run);
    }
  }

  @Test
  void oneIsKilledAndAnotherJoins() throws Exception {
    Heard heard = new Heard(HOLD_AT);
    try (LocalRun run = start(2, true, heard)) {
      assertThat(Heard.next(heard.holds)).isEqualTo(HOLD_AT);

      run.suffer("worker-0", new NodeFault.Kill());

      RunEvent lost = Heard.next(heard.events);
      assertThat(lost.what()).isEqualTo(RunEvent.What.LOST);
      assertThat(lost.node()).isEqualTo("worker-0");
      Heard.next(heard.plans); // Without it.
      run.join("worker-2");
      Heard.next(heard.plans); // With another.
      run.release();
      assertThat(weights(run)).isEqualTo(undisturbed());
      assertThat(Heard.next(heard.events).node()).isEqualTo("worker-2");
    }
  }

  @Test
  void oneWhoseConnectionBreaksJoinsAgain() throws Exception {
    Heard heard = new Heard(HOLD_AT);
    try (LocalRun run = start(2, true, heard)) {
      Heard.next(heard.holds);

      run.suffer("worker-1", new NodeFault.Drop());

      assertThat(Heard.next(heard.events).node()).isEqualTo("worker-1");
      Heard.next(heard.plans);
      Heard.next(heard.plans);
      run.release();
      assertThat(weights(run)).isEqualTo(undisturbed());
    }
  }

  @Test
  void onesThatAreSlowOrFarOrStandStillChangeNoBit() throws Exception {
    Heard heard = new Heard(HOLD_AT);
    try (LocalRun run = start(3, true, heard)) {
      Heard.next(heard.holds);

      run.suffer("worker-0", new NodeFault.Slow(3, NodeFault.FOR_GOOD));
      run.suffer("worker-1", new NodeFault.Delay(Duration.ofMillis(2), Duration.ofSeconds(30)));
      run.suffer("worker-2", new NodeFault.Pause(Duration.ofSeconds(1)));
      run.release();

      assertThat(weights(run)).isEqualTo(undisturbed());
    }
  }

  @Test
  void whatCannotHappenWithinOneProcessIsRefused() {
    try (LocalRun run = start(1, true, new Heard(HOLD_AT))) {
      assertThatThrownBy(() -> run.suffer("worker-0", new NodeFault.Cut(NodeFault.FOR_GOOD)))
          .hasMessage("within one process there is no network to cut worker-0 off from");
    }
    try (LocalRun run = start(1, false, new Heard(HOLD_AT))) {
      assertThatThrownBy(() -> run.suffer("local", new NodeFault.Kill()))
          .hasMessage("expected a run over sockets, where each node is one worker");
    }
  }
}
