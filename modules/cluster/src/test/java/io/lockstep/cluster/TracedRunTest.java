package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.training.GradientFormat;
import io.lockstep.training.Job;
import io.lockstep.training.RunEvent;
import io.lockstep.training.SmallJob;
import io.lockstep.training.trace.RunTrace;
import io.lockstep.training.trace.RunTrace.OfNode;
import io.lockstep.training.trace.TraceEvent;
import io.lockstep.training.trace.TraceKind;
import io.lockstep.training.trace.TraceWindow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TracedRunTest {

  private static final long LIMIT_SECONDS = 60;
  private static final long BUCKET_BYTES = 1 << 14;
  private static final TraceWindow WINDOW = new TraceWindow(3, 4);

  /** A gradient's bucket on its way. */
  private record Sent(long step, int bucket, int level, int index) {

    static Sent of(TraceEvent event) {
      return new Sent(event.step(), event.bucket(), event.level(), event.index());
    }
  }

  private static RunResult result(Run run) throws Exception {
    return run.result().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  private static RunSettings settings(int workers, boolean overSockets) {
    return new RunSettings(workers, 2, BUCKET_BYTES, TestCluster.KERNELS, overSockets);
  }

  private static float[] weights(RunSettings settings, RunObserver observer) throws Exception {
    try (LocalRun run = LocalRun.start(SmallJob.of(6, 7), settings, observer)) {
      return result(run).weights();
    }
  }

  private static List<TraceEvent> events(RunTrace trace, TraceKind kind) {
    return trace.nodes().stream()
        .flatMap(node -> node.trace().threads().stream())
        .flatMap(thread -> thread.events().stream())
        .filter(event -> event.kind() == kind)
        .toList();
  }

  /** Before the run's result is told. */
  private static RunTrace toldBeforeTheEnd(Heard traced) {
    assertThat(traced.trace).isDone();
    return traced.trace.join();
  }

  private static void assertThatNothingArrivesBeforeItWasSent(RunTrace trace) {
    Map<Sent, TraceEvent> sent = new HashMap<>();
    events(trace, TraceKind.SEND).forEach(event -> sent.put(Sent.of(event), event));
    List<TraceEvent> received = events(trace, TraceKind.RECEIVE_GRADIENT);
    assertThat(received).isNotEmpty();
    for (TraceEvent event : received) {
      assertThat(sent).containsKey(Sent.of(event));
      assertThat(event.start()).isGreaterThan(sent.get(Sent.of(event)).start());
    }
    Map<Sent, TraceEvent> published = new HashMap<>();
    events(trace, TraceKind.PUBLISH).forEach(event -> published.put(Sent.of(event), event));
    List<TraceEvent> weights = events(trace, TraceKind.RECEIVE_WEIGHTS);
    assertThat(weights).isNotEmpty();
    for (TraceEvent event : weights) {
      TraceEvent from = published.get(new Sent(event.step(), event.bucket(), 0, 0));
      assertThat(from).isNotNull();
      assertThat(event.start()).isGreaterThan(from.start());
    }
  }

  @Test
  void aRunInOneProcessTellsItsTraceAndEndsWithTheSameBits() throws Exception {
    Heard traced = new Heard();
    float[] with = weights(settings(2, false).tracing(WINDOW), traced);

    RunTrace trace = toldBeforeTheEnd(traced);
    assertThat(trace.nodes()).extracting(node -> node.trace().name()).containsExactly("local");
    assertThat(trace.layers()).hasSize(4);
    assertThat(trace.missing()).isEmpty();
    assertThat(events(trace, TraceKind.SUM)).extracting(TraceEvent::step).contains(3L, 4L, 5L, 6L);
    assertThat(with).isEqualTo(weights(settings(1, false), new RunObserver() {}));
  }

  @Test
  void overSocketsNothingArrivesBeforeItWasSent() throws Exception {
    Heard traced = new Heard();
    float[] with = weights(settings(2, true).tracing(WINDOW), traced);

    RunTrace trace = toldBeforeTheEnd(traced);
    assertThat(trace.nodes())
        .extracting(node -> node.trace().name())
        .containsExactly("server-0", "server-1", "worker-0", "worker-1");
    assertThatNothingArrivesBeforeItWasSent(trace);
    assertThat(with).isEqualTo(weights(settings(1, false), new RunObserver() {}));
  }

  /** With actor systems of their own, whose messages travel. */
  @Test
  void theNodesOfAClusterGiveTheirTraces() throws Exception {
    Heard traced = new Heard();
    try (TestCluster cluster = new TestCluster()) {
      cluster.server("server");
      cluster.worker("worker-0", 1);
      cluster.worker("worker-1", 1);
      cluster.trace(WINDOW);
      try (Run run = cluster.run("traced", 2, 1, traced)) {
        result(run);
      }
    }

    RunTrace trace = toldBeforeTheEnd(traced);
    assertThat(trace.nodes())
        .extracting(node -> node.trace().name())
        .containsExactly("server", "worker-0", "worker-1");
    assertThat(trace.nodes()).extracting(OfNode::errorNanos).containsOnly(0L);
    assertThatNothingArrivesBeforeItWasSent(trace);
  }

  /** Without shared memory; gradients are encoded to half of their bits. */
  @Test
  void overTcpGradientsAreEncodedBeforeTheyArrive() throws Exception {
    Heard traced = new Heard();
    Job job = SmallJob.of(6, 7, 0.01, 2, GradientFormat.BFLOAT16);
    try (TestCluster cluster = TestCluster.of(job)) {
      cluster.server("server");
      cluster.workerOverTcp("worker-0");
      cluster.workerOverTcp("worker-1");
      cluster.trace(WINDOW);
      try (Run run = cluster.run("traced", 2, 1, traced)) {
        result(run);
      }
    }

    RunTrace trace = toldBeforeTheEnd(traced);
    assertThat(trace.missing()).isEmpty();
    assertThat(events(trace, TraceKind.ENCODE))
        .extracting(TraceEvent::step)
        .contains(3L, 4L, 5L, 6L);
    assertThatNothingArrivesBeforeItWasSent(trace);
  }

  private static void awaitStandby(Heard heard) throws InterruptedException {
    while (Heard.next(heard.events).what() != RunEvent.What.MIRRORED) {}
  }

  /** Each server has the other's. */
  @Test
  void standbysTakeRootsAndAcknowledgeThem() throws Exception {
    Heard heard = new Heard(WINDOW.first());
    try (TestCluster cluster = TestCluster.withStandbys()) {
      cluster.server("server-0");
      cluster.server("server-1");
      cluster.worker("worker", 1);
      cluster.trace(WINDOW);
      try (Run run = cluster.run("traced", 1, 2, heard)) {
        Heard.next(heard.holds);
        awaitStandby(heard);
        awaitStandby(heard);
        run.release(Long.MAX_VALUE);
        result(run);
      }
    }

    RunTrace trace = toldBeforeTheEnd(heard);
    assertThat(trace.missing()).isEmpty();
    assertThat(trace.nodes())
        .extracting(node -> node.trace().name())
        .containsExactly("server-0", "server-1", "worker");
    for (TraceKind kind :
        List.of(
            TraceKind.MIRROR, TraceKind.RECEIVE_ROOT, TraceKind.ACKNOWLEDGE, TraceKind.PUBLISH)) {
      assertThat(events(trace, kind))
          .as("%s", kind)
          .extracting(TraceEvent::step)
          .contains(3L, 4L, 5L, 6L);
    }
  }

  /** It dies without a word, before the steps are over; who is expelled first may give them. */
  @Test
  void aWorkerThatIsLostIsMissing() throws Exception {
    Heard heard = new Heard(WINDOW.first() + 2);
    try (LocalRun run =
        LocalRun.start(SmallJob.of(6, 7), settings(2, true).tracing(WINDOW), heard)) {
      Heard.next(heard.holds);
      run.suffer("worker-0", new NodeFault.Kill());
      Heard.next(heard.plans); // Without it.
      run.release();
      assertThat(result(run).weights())
          .isEqualTo(weights(settings(1, false), new RunObserver() {}));
    }

    RunTrace trace = toldBeforeTheEnd(heard);
    assertThat(trace.nodes())
        .extracting(node -> node.trace().name())
        .containsExactly("server-0", "server-1", "worker-1");
    assertThat(trace.missing()).containsExactly(Map.entry("worker-0", "it was lost"));
  }
}
