package io.lockstep.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.local.LocalChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The event loop is kept busy, so that nothing is taken but what a test takes. */
@Timeout(60)
class SendQueueTest {

  private static final long LONG_MS = 30_000;
  private static final long SHORT_MS = 50;
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final DefaultEventLoop loop = new DefaultEventLoop();
  private final Channel channel = new LocalChannel();
  private final Link link =
      new Link(channel, "a server", null, new TrafficCounters(), Sharing.Kind.NEVER, kind -> true);
  private final CountDownLatch busy = new CountDownLatch(1);

  @BeforeEach
  void keepTheEventLoopBusy() {
    channel.pipeline().addLast(link);
    loop.register(channel).syncUninterruptibly();
    loop.execute(
        () -> {
          try {
            assertThat(busy.await(LONG_MS, TimeUnit.MILLISECONDS)).isTrue();
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

  private static final class Recorded implements Outgoing {
    final AtomicBoolean dropped = new AtomicBoolean();

    @Override
    public int bytes() {
      return 2;
    }

    @Override
    public ByteBuf encode() {
      return Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void drop() {
      dropped.set(true);
    }
  }

  private static void awaitWaiting(Thread thread) {
    await().atMost(LIMIT).until(() -> thread.getState() == Thread.State.TIMED_WAITING);
  }

  @Test
  void aThreadThatWakesUpForNothingGoesOnWaiting() throws InterruptedException {
    SendQueue queue = new SendQueue(link, Optional.empty(), 1, LONG_MS);
    queue.offer(new Recorded());
    Recorded second = new Recorded();
    Thread waits = Thread.ofPlatform().start(() -> queue.offer(second));
    for (int i = 0; i < 3; i++) {
      awaitWaiting(waits);
      synchronized (queue) {
        queue.notifyAll();
      }
    }
    awaitWaiting(waits);
    assertThat(queue.next()).isNotNull();
    waits.join(LIMIT);

    assertThat(second.dropped).isFalse();
    assertThat(queue.next()).isNotNull();
  }

  @Test
  void aServerThatTakesNothingIsGivenUp() {
    SendQueue queue = new SendQueue(link, Optional.empty(), 1, SHORT_MS);
    queue.offer(new Recorded());
    Recorded second = new Recorded();
    queue.offer(second);
    assertThat(second.dropped).isTrue();
    assertThat(queue.next()).as("else it would be written, and fail").isNotNull();
    assertThat(link.ended()).isFalse();
    busy.countDown();

    await().atMost(LIMIT).until(link::ended);
  }
}
