package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.training.trace.NodeTrace;
import io.lockstep.training.trace.RunTrace;
import io.lockstep.training.trace.RunTrace.OfNode;
import io.lockstep.training.trace.TraceEvent;
import io.lockstep.training.trace.TraceKind;
import io.lockstep.training.trace.TraceWindow;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TraceWordsTest {

  private static RunTrace trace(int dropped, Map<String, String> missing, TraceEvent... events) {
    NodeTrace.OfThread thread = new NodeTrace.OfThread("thread", dropped, List.of(events));
    OfNode node = new OfNode(new NodeTrace("worker-0", List.of(thread)), 0);
    return new RunTrace(new TraceWindow(200, 40), List.of(), List.of(node), missing);
  }

  private static TraceEvent[] done(long... steps) {
    return Arrays.stream(steps)
        .mapToObj(step -> new TraceEvent(TraceKind.STEP, step, 0, 1, 0, 0, 0))
        .toArray(TraceEvent[]::new);
  }

  @Test
  void namesTheStepsAndWhatIsMissing() {
    assertThat(TraceWords.of(trace(5, Map.of("worker-1", "it was lost"), done(200, 201, 239))))
        .isEqualTo(
            "trace.json, steps 200 to 239, without worker-1 (it was lost), 5 slices had no room: name fewer steps");
  }

  /** It waited for one more, which nobody began. */
  @Test
  void namesTheStepsThatWereDoneWhereARunEndedAmongThem() {
    TraceEvent wait = new TraceEvent(TraceKind.WAIT_STEP, 213, 2, 3, 0, 0, 0);
    TraceEvent[] events =
        Stream.concat(Stream.of(done(200, 212)), Stream.of(wait)).toArray(TraceEvent[]::new);

    assertThat(TraceWords.of(trace(0, Map.of(), events)))
        .isEqualTo("trace.json, steps 200 to 212 of 200 to 239");
  }

  @Test
  void saysThatNoneWasDone() {
    assertThat(TraceWords.of(trace(0, Map.of())))
        .isEqualTo("trace.json, which is empty: none of steps 200 to 239 was done");
  }
}
