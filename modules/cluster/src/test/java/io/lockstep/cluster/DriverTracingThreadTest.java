package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import io.lockstep.training.RunEvent;
import io.lockstep.training.trace.RunTrace;
import io.lockstep.training.trace.TraceWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Has the trace of a node, which is a probe, put together by another thread, or by none. */
class DriverTracingThreadTest {

  @RegisterExtension static final ActorTestKitExtension ACTORS = new ActorTestKitExtension();

  private final Heard heard = new Heard();

  /** Messages of the driver to itself, which come when it has done what it does. */
  private final List<Driver.Command> toSelf = new ArrayList<>();

  /** Of a node that was lost. */
  private DriverTracing tracing(Executor threads) {
    TestProbe<Node.Command> node = ACTORS.kit().createTestProbe(Node.Command.class);
    DriverTracing tracing =
        new DriverTracing(
            new DriverTracing.Parts(
                new TraceWindow(3, 4), List.of("dense1"), heard, threads, toSelf::add));
    tracing.on(new Tracing.Announced("a", 1, BootId.OWN, node.ref()));
    tracing.happened(new RunEvent(RunEvent.What.LOST, 5, "a", ""));
    return tracing;
  }

  private void deliver(DriverTracing to) {
    toSelf.forEach(message -> to.on((Tracing.ToDriver) message));
  }

  /** The driver's actor has other things to do than to look through millions of events. */
  @Test
  void isPutTogetherByAnotherThread() {
    List<Runnable> tasks = new ArrayList<>();
    DriverTracing tracing = tracing(tasks::add);
    tracing.end();
    assertThat(toSelf).isEmpty();

    tasks.forEach(Runnable::run);

    assertThat(tracing.isAwaited()).isTrue();
    deliver(tracing);
    assertThat(tracing.isAwaited()).isFalse();
    assertThat(heard.trace.join().missing()).containsExactly(Map.entry("a", "it was lost"));
  }

  private void assertToldWithoutThread(String why, Executor refusing) {
    DriverTracing tracing = tracing(refusing);

    tracing.end();
    tracing.end();

    assertThat(toSelf).hasSize(1);
    deliver(tracing);
    assertThat(tracing.isAwaited()).isFalse();
    RunTrace told = heard.trace.join();
    assertThat(told.nodes()).isEmpty();
    assertThat(told.layers()).containsExactly("dense1");
    assertThat(told.missing())
        .containsExactly(Map.entry("a", "no thread to put it together: " + why));
  }

  /** For a timeline no run ends. */
  @Test
  void tellsThatNoThreadStarts() {
    assertToldWithoutThread(
        "unable to create native thread",
        task -> {
          throw new OutOfMemoryError("unable to create native thread");
        });
  }

  @Test
  void tellsThatItsThreadHasEnded() {
    assertToldWithoutThread(
        "it has ended",
        task -> {
          throw new RejectedExecutionException("it has ended");
        });
  }
}
