package io.lockstep.training.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TracerTest {

  private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static void note(Tracer tracer, long step, int bucket) {
    tracer.end(TraceKind.ADD, step, tracer.begin(step), bucket, 0, 0);
  }

  private static Tracer noted(TraceWindow window, int events) {
    Tracer tracer = new Tracer(window);
    for (int i = 0; i < events; i++) {
      note(tracer, window.first() + i % window.count(), i);
    }
    return tracer;
  }

  @Test
  void countsWhatHasNoRoomAndKeepsWhatWasBefore() {
    NodeTrace.OfThread thread =
        noted(new TraceWindow(3, 2), TraceBuffer.MOST_EVENTS + 5).threads().getFirst();
    assertThat(thread.dropped()).isEqualTo(5);
    assertThat(thread.events()).hasSize(TraceBuffer.MOST_EVENTS);
    assertThat(thread.events().getFirst().bucket()).isZero();
    assertThat(thread.events().getLast().bucket()).isEqualTo(TraceBuffer.MOST_EVENTS - 1);
  }

  /** Its room is that of a long window: naming few steps gives more of it to each. */
  @Test
  void aSingleStepMayHaveAllOfTheRoom() {
    NodeTrace.OfThread thread = noted(new TraceWindow(3, 1), 20_000).threads().getFirst();
    assertThat(thread.dropped()).isZero();
    assertThat(thread.events()).hasSize(20_000);
  }

  /** All threads of a node together, so that a training has memory left. */
  @Test
  void threadsShareTheirRoom() throws InterruptedException {
    TraceWindow window = new TraceWindow(3, 1);
    Tracer tracer = new Tracer(window, new TraceMemory(2, TraceEvents::piece));
    Runnable notes = () -> noteMany(tracer, TraceEvents.OF_PIECE + 5);
    for (int i = 0; i < 2; i++) {
      Thread thread = new Thread(notes);
      thread.start();
      thread.join();
    }

    assertThat(tracer.threads())
        .extracting(NodeTrace.OfThread::dropped)
        .containsExactly(0, TraceEvents.OF_PIECE + 5);
  }

  /** A process has several nodes, and takes part in one run after the other. */
  @Test
  void nodesOfAProcessShareTheirRoomAndGiveItBack() {
    TraceMemory memory = new TraceMemory(2, TraceEvents::piece);
    Tracer first = new Tracer(new TraceWindow(3, 1), memory);
    Tracer second = new Tracer(new TraceWindow(3, 1), memory);
    Tracer third = new Tracer(new TraceWindow(3, 1), memory);
    noteMany(first, TraceEvents.OF_PIECE + 1);
    noteMany(second, 7);
    assertThat(droppedBy(second)).isEqualTo(7);

    first.forget();
    first.forget(); // Nothing is given back twice.
    note(first, 3, 1); // Nothing is taken any more.
    noteMany(third, TraceEvents.OF_PIECE + 1);
    second.forget(); // It had none.
    assertThat(droppedBy(third)).isZero();
    noteMany(third, TraceEvents.OF_PIECE);
    assertThat(droppedBy(third)).isEqualTo(1);
    assertThat(first.threads()).isEmpty();
  }

  private static void noteMany(Tracer tracer, int events) {
    for (int i = 0; i < events; i++) {
      note(tracer, 3, i);
    }
  }

  private static int droppedBy(Tracer tracer) {
    return tracer.threads().getFirst().dropped();
  }

  /** Each try would have the JVM look through all of its memory. */
  @Test
  void asksForNoMoreMemoryWhileItIsFull() {
    AtomicInteger tries = new AtomicInteger();
    TraceMemory memory =
        new TraceMemory(
            9,
            () -> {
              tries.incrementAndGet();
              throw new OutOfMemoryError("on purpose");
            });
    Tracer tracer = new Tracer(new TraceWindow(3, 1), memory);
    noteMany(tracer, 100);

    assertThat(tries).hasValue(1);
    assertThat(tracer.threads()).extracting(NodeTrace.OfThread::dropped).containsExactly(100);

    tracer.forget();
    noteMany(new Tracer(new TraceWindow(3, 1), memory), 100);
    assertThat(tries).hasValue(2);
  }

  /** Else the first slice would be as long as taking it. */
  @Test
  void takesItsMemoryBeforeTheWindow() {
    Tracer tracer = noted(new TraceWindow(3, 2), 1); // All that it calls is loaded.
    Tracer other = new Tracer(new TraceWindow(5, 1));
    assertThat(other.begin(4)).isEqualTo(Tracer.NOT_NOTED);

    long before = MEMORY.getCurrentThreadAllocatedBytes();
    note(other, 5, 0);
    long allocated = MEMORY.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).isZero();
    assertThat(other.threads().getFirst().events()).hasSize(1);
    assertThat(tracer.threads()).hasSize(1);
  }

  @Test
  void notesNothingBesideItsWindow() {
    Tracer tracer = new Tracer(new TraceWindow(3, 2));
    for (long step : new long[] {0, 1, 2, 5, 6}) {
      note(tracer, step, 0);
    }
    assertThat(tracer.isEmpty()).isTrue();
    assertThat(tracer.threads()).isEmpty();
  }

  @Test
  void whatIsForgottenIsGone() {
    Tracer tracer = noted(new TraceWindow(3, 2), 1);
    tracer.forget();
    note(tracer, 3, 0);
    assertThat(tracer.threads()).isEmpty();
  }
}
