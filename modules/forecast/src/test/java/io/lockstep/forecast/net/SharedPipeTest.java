package io.lockstep.forecast.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.forecast.time.EventQueue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Beside closed forms; at a byte each nanosecond, unless a test says otherwise. */
class SharedPipeTest {

  private static final double BYTE_A_NANO = 1e9;

  private final EventQueue queue = new EventQueue();
  private final SharedPipe pipe = new SharedPipe(queue, BYTE_A_NANO);
  private final List<String> seen = new ArrayList<>();

  private Runnable note(String what) {
    return () -> seen.add(what + "@" + queue.nanos());
  }

  private void runAll() {
    while (queue.runNext()) {}
  }

  @Test
  void aFlowAloneHasTheWholeRate() {
    pipe.send(1_000, note("a"));
    runAll();

    assertThat(seen).containsExactly("a@1000");
  }

  @Test
  void flowsOfOneSizeEndTogether() {
    pipe.send(1_000, note("a"));
    pipe.send(1_000, note("b"));
    runAll();

    assertThat(seen).containsExactly("a@2000", "b@2000");
  }

  @Test
  void aFlowThatJoinsLateSharesFromThenOn() {
    pipe.send(1_000, note("a"));
    queue.at(500, () -> pipe.send(1_000, note("b")));
    runAll();

    assertThat(seen).containsExactly("a@1500", "b@2000");
  }

  @Test
  void aShortFlowOvertakesALongOne() {
    pipe.send(1_000, note("long"));
    queue.at(100, () -> pipe.send(100, note("short")));
    runAll();

    assertThat(seen).containsExactly("short@300", "long@1100");
  }

  /** With sizes s1 ≤ s2 ≤ …, all from 0 on: flow i of n ends at Σ_{j≤i} (s_j − s_{j−1})(n−j+1). */
  @Test
  void flowsOfManySizesEndAsTheFormulaSays() {
    int flows = 10;
    List<String> expected = new ArrayList<>();
    long end = 0;
    for (int i = 0; i < flows; i++) {
      pipe.send(100 * (i + 1), note("flow " + i));
      end += 100L * (flows - i);
      expected.add("flow " + i + "@" + end);
    }
    runAll();

    assertThat(seen).isEqualTo(expected);
    assertThat(pipe.busyNanos()).isEqualTo(5_500);
  }

  /** However flows come and go: never idle while it has something, and nothing is lost. */
  @Test
  void isBusyForAsLongAsItsBytesTake() {
    for (int i = 0; i < 200; i++) {
      int bytes = 1 + 37 * i % 101;
      queue.at(13 * i % 997, () -> pipe.send(bytes, note("")));
    }
    runAll();

    double bytes = 0;
    for (int i = 0; i < 200; i++) {
      bytes += 1 + 37 * i % 101;
    }
    assertThat(seen).hasSize(200);
    assertThat((double) pipe.busyNanos()).isCloseTo(bytes, within(3.0));
  }

  @Test
  void beginsAnewAfterItWasIdle() {
    pipe.send(10, note("a"));
    queue.at(100, () -> pipe.send(10, note("b")));
    runAll();

    assertThat(seen).containsExactly("a@10", "b@110");
    assertThat(pipe.busyNanos()).isEqualTo(20);
  }

  @Test
  void whatEndsMayBeginAnother() {
    pipe.send(10, () -> pipe.send(10, note("b")));
    runAll();

    assertThat(seen).containsExactly("b@20");
  }

  @Test
  void nothingTakesTimeAtAnInfiniteRate() {
    SharedPipe infinite = new SharedPipe(queue, Double.POSITIVE_INFINITY);
    queue.runUntil(7);
    infinite.send(1e12, note("a"));
    infinite.send(1e12, note("b"));
    runAll();

    assertThat(seen).containsExactly("a@7", "b@7");
  }

  @Test
  void refusesARateOfNothing() {
    assertThatThrownBy(() -> new SharedPipe(queue, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pipe: expected a rate above 0 bytes per second, found 0.0");
  }
}
