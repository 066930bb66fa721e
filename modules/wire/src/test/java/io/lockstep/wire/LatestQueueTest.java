package io.lockstep.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.local.LocalChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The event loop is kept busy, so that nothing is taken but what a test takes. */
@Timeout(60)
class LatestQueueTest {

  private static final long LONG_SECONDS = 30;

  private final DefaultEventLoop loop = new DefaultEventLoop();
  private final LocalChannel channel = new LocalChannel();
  private final Link link =
      new Link(channel, "a worker", null, new TrafficCounters(), Sharing.Kind.NEVER, kind -> true);
  private final LatestQueue queue = new LatestQueue(link, 3);
  private final CountDownLatch busy = new CountDownLatch(1);

  @BeforeEach
  void keepTheEventLoopBusy() {
    channel.pipeline().addLast(link);
    loop.register(channel).syncUninterruptibly();
    loop.execute(
        () -> {
          try {
            assertThat(busy.await(LONG_SECONDS, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  @AfterEach
  void end() {
    busy.countDown();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private ByteBuf offer(int slot, long version, int plan) {
    ByteBuf frame = Unpooled.buffer(1).writeByte((int) (10 * slot + version));
    queue.offer(slot, version, plan, new Outgoing.Encoded(frame));
    return frame;
  }

  private List<Integer> taken() {
    List<Integer> taken = new ArrayList<>();
    for (Outgoing next = queue.next(); next != null; next = queue.next()) {
      ByteBuf frame = next.encode();
      taken.add((int) frame.readByte());
      frame.release();
    }
    return taken;
  }

  /** Step 1 may still be open when a bucket has version 2: a worker needs both. */
  @Test
  void theTwoNewestVersionsWaitTheOlderFirst() {
    ByteBuf oldest = offer(1, 1, -1);
    offer(1, 2, -1);
    offer(1, 3, -1);
    offer(0, 3, -1);
    assertThat(queue.waiting()).isEqualTo(3);

    assertThat(taken()).containsExactly(3, 12, 13);
    assertThat(oldest.refCnt()).isZero();
  }

  @Test
  void ofTheSameVersionOneWaitsAndNamesItsPlan() {
    offer(1, 1, -1);
    offer(1, 2, 5);
    offer(1, 2, -1);

    assertThat(taken()).containsExactly(11, 12);
  }

  @Test
  void aVersionThatIsFallenBackToTakesThePlaceOfNewerOnes() {
    offer(1, 1, -1);
    offer(1, 2, -1);
    offer(1, 1, -1);

    assertThat(taken()).containsExactly(11);
    assertThat(queue.waiting()).isZero();
  }
}
