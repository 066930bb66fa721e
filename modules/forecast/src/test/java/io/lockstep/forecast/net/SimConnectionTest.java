package io.lockstep.forecast.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.forecast.time.EventQueue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** At a byte each nanosecond in each direction, and a latency of 50 ns. */
class SimConnectionTest {

  private static final double BYTE_A_NANO = 1e9;
  private static final long LATENCY = 50;
  private static final long ROOM = 1_000_000;

  private final EventQueue queue = new EventQueue();
  private final List<String> seen = new ArrayList<>();
  private final Nic from = new Nic(queue, BYTE_A_NANO);
  private final Nic to = new Nic(queue, BYTE_A_NANO);
  private final FifoOutbox outbox = new FifoOutbox();
  private final SimConnection connection = new SimConnection(from, to, LATENCY, ROOM, outbox);

  private Frame frame(int bytes, String what) {
    return new Frame(bytes, () -> seen.add(what + "@" + queue.nanos()));
  }

  private void send(int bytes, String what) {
    outbox.offer(frame(bytes, what));
    connection.wake();
  }

  private void runAll() {
    while (queue.runNext()) {}
  }

  @Test
  void framesFollowEachOtherWithoutAGap() {
    send(10_000, "a");
    send(20_000, "b");
    runAll();

    assertThat(seen).containsExactly("a@10050", "b@30050");
  }

  /** Another sender slows the first one down on its last way, and not the second. */
  @Test
  void framesArriveInTheirOrder() {
    Nic another = new Nic(queue, BYTE_A_NANO);
    another.to(to, LATENCY).send(10_000, () -> {}, () -> {});
    send(10_000, "large");
    send(100, "small");
    runAll();

    assertThat(seen).containsExactly("large@20050", "small@20050");
  }

  @Test
  void connectionsShareWhatTheyHaveInCommon() {
    FifoOutbox second = new FifoOutbox();
    Nic there = new Nic(queue, BYTE_A_NANO);
    SimConnection other = new SimConnection(from, there, LATENCY, ROOM, second);
    second.offer(frame(10_000, "b"));
    send(10_000, "a");
    other.wake();
    runAll();

    assertThat(seen).containsExactlyInAnyOrder("a@20050", "b@20050");
  }

  @Test
  void framesAreChosenWhenThereIsRoom() {
    LatestOutbox latest = new LatestOutbox(2);
    SimConnection narrow = new SimConnection(from, to, LATENCY, 1, latest);
    latest.offer(1, 1, -1, frame(10_000, "second of 1"));
    narrow.wake();
    for (int version = 1; version <= 3; version++) {
      latest.offer(1, version + 1, -1, frame(10_000, "second of " + (version + 1)));
      latest.offer(0, version, -1, frame(10_000, "first of " + version));
    }
    narrow.wake();
    runAll();

    assertThat(seen)
        .containsExactly(
            "second of 1@10050", // It had begun.
            "first of 2@20100",
            "first of 3@30150",
            "second of 3@40200",
            "second of 4@50250");
  }

  @Test
  void whatArrivesMaySendMore() {
    outbox.offer(new Frame(10_000, () -> send(10_000, "answer")));
    connection.wake();
    runAll();

    assertThat(seen).containsExactly("answer@20100");
  }

  @Test
  void nothingArrivesOfAConnectionThatWasCut() {
    send(10_000, "a");
    send(10_000, "b");
    queue.at(10_060, connection::cut);
    runAll();
    send(10_000, "c");
    runAll();

    assertThat(seen).containsExactly("a@10050");
  }
}
