package io.lockstep.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Shaped links in a time that only the test lets pass. A megabyte takes 690.6 packets of 1,448
 * bytes, each of which is 1,538 bytes on the cable: 84.97 ms at 100 Mbit/s.
 */
class ShapedChannelTest {

  private static final int MEGABYTE = 1_000_000;
  private static final double MEGABYTE_MS = 84.972;
  private static final double TURN_MS = 0.25;
  private static final LinkShape NEAR = new LinkShape(100e6, Duration.ZERO);
  private static final LinkShape FAR = new LinkShape(100e6, Duration.ofMillis(10));

  private final MockTicker time = Ticker.newMockTicker();
  private final EmbeddedChannel clock = EmbeddedChannel.builder().ticker(time).build();
  private final List<Connection> connections = new ArrayList<>();

  @AfterEach
  void nothingIsLeft() {
    connections.forEach(Connection::close);
  }

  private ShapedNic nic(LinkShape shape) {
    return new ShapedNic(clock.eventLoop(), shape);
  }

  private EmbeddedChannel channel(ShapedNic nic) {
    return EmbeddedChannel.builder().ticker(time).handlers(new ShapedChannel(nic)).build();
  }

  private Connection connect(ShapedNic from, ShapedNic to) {
    Connection connection = new Connection(channel(from), channel(to));
    connections.add(connection);
    return connection;
  }

  private double ms() {
    return time.nanoTime() * 1e-6;
  }

  /** Lets time pass from one thing that happens to the next, until nothing does. */
  private void pass() {
    long next = clock.runScheduledPendingTasks();
    while (next >= 0) {
      time.advance(next, TimeUnit.NANOSECONDS);
      next = tick();
    }
  }

  private long tick() {
    clock.runScheduledPendingTasks();
    connections.forEach(Connection::carry);
    return clock.runScheduledPendingTasks();
  }

  /** A connection whose bytes are at the other end at once, but for its NICs. */
  private final class Connection {

    private final EmbeddedChannel from;
    private final EmbeddedChannel to;
    private long arrived;
    private double lastMs;
    private double halfMs;

    Connection(EmbeddedChannel from, EmbeddedChannel to) {
      this.from = from;
      this.to = to;
    }

    void send(int... bytes) {
      for (int each : bytes) {
        var _ = from.writeOneOutbound(Unpooled.wrappedBuffer(new byte[each]));
      }
      from.flushOutbound();
    }

    void carry() {
      for (ByteBuf sent = from.readOutbound(); sent != null; sent = from.readOutbound()) {
        to.writeInbound(sent);
      }
      for (ByteBuf read = to.readInbound(); read != null; read = to.readInbound()) {
        arrived += read.readableBytes();
        lastMs = ms();
        halfMs = halfMs == 0 && arrived >= MEGABYTE / 2 ? lastMs : halfMs;
        read.release();
      }
    }

    void close() {
      from.finishAndReleaseAll();
      to.finishAndReleaseAll();
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {100e6, 1e9, 25e9})
  void sendsAsFastAsTheCable(double bitsPerSecond) {
    LinkShape shape = new LinkShape(bitsPerSecond, Duration.ZERO);
    Connection one = connect(nic(shape), nic(shape));

    one.send(MEGABYTE / 2, MEGABYTE / 4, MEGABYTE / 4);
    pass();

    double expected = MEGABYTE_MS * 100e6 / bitsPerSecond;
    assertThat(one.arrived).isEqualTo(MEGABYTE);
    assertThat(one.lastMs).isCloseTo(expected, within(1e-3 * expected));
  }

  /** A byte that has left is on its way while those behind it leave. */
  @Test
  void arrivesLaterByTheLatencyOnce() {
    Connection one = connect(nic(FAR), nic(FAR));

    one.send(MEGABYTE);
    pass();

    assertThat(one.lastMs).isCloseTo(MEGABYTE_MS + 10, within(0.1));
  }

  @Test
  void aSmallFrameTakesTheLatency() {
    Connection one = connect(nic(FAR), nic(FAR));

    one.send(110);
    pass();

    assertThat(one.lastMs).isCloseTo(10, within(0.02));
  }

  /** Both are half done when half of the time is over, and done together. */
  @Test
  void connectionsOfOneMachineLeaveInTurn() {
    ShapedNic from = nic(NEAR);
    Connection one = connect(from, nic(NEAR));
    Connection other = connect(from, nic(NEAR));

    one.send(MEGABYTE);
    other.send(MEGABYTE);
    pass();

    for (Connection each : List.of(one, other)) {
      assertThat(each.halfMs).isCloseTo(MEGABYTE_MS, within(3 * TURN_MS));
      assertThat(each.lastMs).isCloseTo(2 * MEGABYTE_MS, within(3 * TURN_MS));
    }
  }

  @Test
  void connectionsToOneMachineArriveInTurn() {
    ShapedNic to = nic(FAR);
    Connection one = connect(nic(FAR), to);
    Connection other = connect(nic(FAR), to);

    one.send(MEGABYTE);
    other.send(MEGABYTE);
    pass();

    for (Connection each : List.of(one, other)) {
      assertThat(each.halfMs).isCloseTo(MEGABYTE_MS + 10, within(4 * TURN_MS));
      assertThat(each.lastMs).isCloseTo(2 * MEGABYTE_MS + 10, within(4 * TURN_MS));
    }
  }

  @Test
  void bothDirectionsAreFullOfBytes() {
    ShapedNic here = nic(NEAR);
    ShapedNic there = nic(NEAR);
    Connection forth = connect(here, there);
    Connection back = connect(there, here);

    forth.send(MEGABYTE);
    back.send(MEGABYTE);
    pass();

    assertThat(forth.lastMs).isCloseTo(MEGABYTE_MS, within(3 * TURN_MS));
    assertThat(back.lastMs).isCloseTo(MEGABYTE_MS, within(3 * TURN_MS));
  }

  /** A loop that looks every 2 ms sends what is due then: it is 2 ms late at the end, not more. */
  @Test
  void aLateEventLoopLosesNoRate() {
    Connection one = connect(nic(NEAR), nic(NEAR));

    one.send(MEGABYTE);
    while (one.arrived < MEGABYTE) {
      time.advance(2, TimeUnit.MILLISECONDS);
      tick();
    }

    assertThat(one.lastMs).isBetween(MEGABYTE_MS, MEGABYTE_MS + 4);
  }

  @Test
  void anIdleLinkSavesUpNothing() {
    Connection one = connect(nic(NEAR), nic(NEAR));
    time.advance(10, TimeUnit.SECONDS);
    double begin = ms();

    one.send(MEGABYTE);
    pass();

    assertThat(one.lastMs - begin).isCloseTo(MEGABYTE_MS, within(TURN_MS));
  }

  @Test
  void isNotWritableWhileItsSocketIsFull() {
    Connection one = connect(nic(NEAR), nic(NEAR));

    one.send(ShapedChannel.SOCKET_BYTES - 1);
    assertThat(one.from.isWritable()).isTrue();
    one.send(1);
    assertThat(one.from.isWritable()).isFalse();

    pass();
    assertThat(one.from.isWritable()).isTrue();
  }

  @Test
  void aClosedConnectionKeepsNothing() {
    Connection one = connect(nic(FAR), nic(FAR));
    ByteBuf sent = Unpooled.buffer(MEGABYTE).writeZero(MEGABYTE);
    var _ = one.from.writeOneOutbound(sent);
    time.advance(20, TimeUnit.MILLISECONDS);
    tick();

    one.close();

    assertThat(sent.refCnt()).isZero();
    pass();
  }

  @Test
  void refusesALinkThatIsNone() {
    assertThatThrownBy(() -> new LinkShape(0, Duration.ZERO))
        .hasMessageContaining("expected a rate above 0 bit/s")
        .hasMessageContaining("found 0.0 bit/s");
    assertThatThrownBy(() -> new LinkShape(1e9, Duration.ofMillis(-1)))
        .hasMessageContaining("a latency of at least 0, found 1.0E9 bit/s and PT-0.001S");
  }
}
