package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.kernels.Kernels;
import io.lockstep.training.trace.NodeTrace;
import io.lockstep.training.trace.TraceEvent;
import io.lockstep.training.trace.TraceKind;
import io.lockstep.training.trace.TraceWindow;
import io.lockstep.training.trace.Tracer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TracedStepsTest {

  private static final long SEED = 7;
  private static final int MICRO_BATCHES = 6;
  private static final int BUCKET_BYTES = 1 << 14;
  private static final TraceWindow WINDOW = new TraceWindow(4, 3);
  private static final int LAYERS = 4;

  private final Job job = SmallJob.of(MICRO_BATCHES, SEED);

  private ThreadedRun run() {
    List<Kernels> kernels = List.of(Kernels.select(Kernels.Choice.SCALAR));
    return new ThreadedRun(job, 2, 2, BUCKET_BYTES, kernels);
  }

  private ThreadedRun traced(Tracer tracer) {
    ThreadedRun run = run();
    run.exchange.noteTo(tracer);
    run.shards.forEach(shard -> shard.noteTo(tracer));
    return run.train();
  }

  private static List<TraceEvent> of(Tracer tracer, TraceKind kind, long step) {
    return tracer.threads().stream()
        .flatMap(thread -> thread.events().stream())
        .filter(event -> event.kind() == kind && event.step() == step)
        .toList();
  }

  @Test
  void notesEachPartOfEachStepOfTheWindowAndOfNoOther() {
    Tracer tracer = new Tracer(WINDOW);
    ThreadedRun run = traced(tracer);

    int[] buckets = IntStream.range(0, run.shards.getFirst().buckets().count()).toArray();
    assertThat(buckets.length).isGreaterThan(2);
    for (long step = WINDOW.first(); step < WINDOW.end(); step++) {
      int passes = of(tracer, TraceKind.PASS, step).size();
      assertThat(passes).isPositive();
      for (TraceKind kind : List.of(TraceKind.FORWARD, TraceKind.BACKWARD)) {
        assertThat(of(tracer, kind, step)).hasSize(passes * LAYERS);
        assertThat(of(tracer, kind, step).stream().map(TraceEvent::index).distinct())
            .containsExactlyInAnyOrder(0, 1, 2, 3);
      }
      assertThat(of(tracer, TraceKind.LOSS, step)).hasSize(passes);
      assertThat(of(tracer, TraceKind.GIVE_SUMS, step)).hasSize(passes);
      assertThat(of(tracer, TraceKind.STEP, step)).hasSize(2);
      for (TraceKind kind : List.of(TraceKind.UPDATE, TraceKind.PUBLISH)) {
        assertThat(of(tracer, kind, step).stream().mapToInt(TraceEvent::bucket).sorted())
            .as("%s of step %d", kind, step)
            .containsExactly(IntStream.of(buckets).boxed().toArray(Integer[]::new));
      }
      for (TraceKind kind : List.of(TraceKind.GIVE, TraceKind.SUM)) {
        assertThat(of(tracer, kind, step).stream().map(TraceEvent::bucket).distinct())
            .hasSize(buckets.length);
      }
    }
    assertThat(tracer.threads())
        .flatExtracting(NodeTrace.OfThread::events)
        .extracting(TraceEvent::step)
        .containsOnly(4L, 5L, 6L);
  }

  /** Of two events of a thread one is within the other, or they do not meet. */
  @Test
  void whatAThreadDoesIsNested() {
    Tracer tracer = new Tracer(WINDOW);
    traced(tracer);

    for (NodeTrace.OfThread thread : tracer.threads()) {
      for (TraceEvent a : thread.events()) {
        for (TraceEvent b : thread.events()) {
          boolean crosses = a.start() < b.start() && b.start() < a.end() && a.end() < b.end();
          assertThat(crosses).as("%s crosses %s", a, b).isFalse();
        }
      }
    }
  }

  @Test
  void leavesEveryBitAsItIs() {
    float[] expected = run().train().weights();
    assertThat(traced(new Tracer(new TraceWindow(0, 14))).weights()).isEqualTo(expected);
  }
}
