package io.lockstep.forecast.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.forecast.time.EventQueue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** At a byte each nanosecond in each direction, and a latency of 50 ns. */
class NicTest {

  private static final double BYTE_A_NANO = 1e9;
  private static final long LATENCY = 50;

  private final EventQueue queue = new EventQueue();
  private final List<String> seen = new ArrayList<>();

  private Nic nic() {
    return new Nic(queue, BYTE_A_NANO);
  }

  private void send(Nic from, int bytes, Nic to, String what) {
    from.to(to, LATENCY).send(bytes, () -> {}, () -> seen.add(what + "@" + queue.nanos()));
  }

  private void runAll() {
    while (queue.runNext()) {}
  }

  /** It comes in while it goes out. */
  @Test
  void aMessageAloneTakesItsBytesOnceAndTheLatency() {
    Nic to = nic();
    List<Long> left = new ArrayList<>();
    nic()
        .to(to, LATENCY)
        .send(10_000, () -> left.add(queue.nanos()), () -> seen.add("a@" + queue.nanos()));
    runAll();

    assertThat(left).containsExactly(10_000L);
    assertThat(seen).containsExactly("a@10050");
  }

  @Test
  void manySendersShareTheReceiversPipe() {
    Nic to = nic();
    for (int i = 0; i < 4; i++) {
      send(nic(), 10_000, to, "a");
    }
    runAll();

    assertThat(seen).hasSize(4).containsOnly("a@40050");
    assertThat(to.in().busyNanos()).isEqualTo(40_000);
  }

  @Test
  void oneSenderSharesItsPipeAmongReceivers() {
    Nic from = nic();
    for (int i = 0; i < 4; i++) {
      send(from, 10_000, nic(), "a");
    }
    runAll();

    assertThat(seen).hasSize(4).containsOnly("a@40050");
  }

  @Test
  void bothDirectionsDoNotDisturbEachOther() {
    Nic one = nic();
    Nic other = nic();
    send(one, 10_000, other, "there");
    send(other, 10_000, one, "back");
    runAll();

    assertThat(seen).containsExactlyInAnyOrder("there@10050", "back@10050");
  }

  @Test
  void theSlowerEndDecides() {
    Nic slow = new Nic(queue, BYTE_A_NANO / 10);
    send(nic(), 10_000, slow, "in");
    runAll();
    long begin = queue.nanos();
    send(slow, 10_000, nic(), "out");
    runAll();

    assertThat(seen).containsExactly("in@100050", "out@" + (begin + 100_050));
  }

  @Test
  void aSmallMessagePassesBy() {
    Nic from = nic();
    Nic to = nic();
    send(from, 1_000_000, to, "large");
    send(from, 100, to, "small");
    runAll();

    assertThat(seen).containsExactly("small@150", "large@1000050");
  }

  @Test
  void onlyLatencyIsLeftAtAnInfiniteRate() {
    Nic from = new Nic(queue, Double.POSITIVE_INFINITY);
    Nic to = new Nic(queue, Double.POSITIVE_INFINITY);
    send(from, 1_000_000, to, "large");
    send(from, 100, to, "small");
    runAll();

    assertThat(seen).containsExactlyInAnyOrder("small@50", "large@50");
  }

  @Test
  void ethernetCarriesWhatItsFramesLeaveForPayload() {
    Nic nic = Nic.ethernet(queue, 1e9);

    assertThat(1e9 / nic.out().nanosPerByte()).isCloseTo(117.68e6, within(0.01e6));
  }
}
