package io.lockstep.training.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TracerTest {

  private static NodeTrace.OfThread noted(TraceWindow window, int events) {
    Tracer tracer = new Tracer(window);
    for (int i = 0; i < events; i++) {
      long step = window.first() + i % window.count();
      tracer.end(TraceKind.ADD, step, tracer.begin(step), i, 0, 0);
    }
    return tracer.threads().getFirst();
  }

  @Test
  void countsWhatHasNoRoomAndKeepsWhatWasBefore() {
    NodeTrace.OfThread thread = noted(new TraceWindow(3, 2), 2 * 1_024 + 5);
    assertThat(thread.dropped()).isEqualTo(5);
    assertThat(thread.events()).hasSize(2 * 1_024);
    assertThat(thread.events().getLast().bucket()).isEqualTo(2 * 1_024 - 1);
  }

  @Test
  void hasRoomFor262EventsOfEachStepOfTheLongestWindow() {
    assertThat(noted(new TraceWindow(0, TraceWindow.MOST_STEPS), 262_000).dropped()).isZero();
  }
}
