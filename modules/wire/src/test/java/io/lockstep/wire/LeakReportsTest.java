package io.lockstep.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The tests that see no leak would see one. */
class LeakReportsTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Test
  void lostBufferIsReported() {
    assertThat(LeakReports.afterCollection()).isEmpty();
    loseBuffer();
    try {
      await().atMost(LIMIT).until(() -> !LeakReports.afterCollection().isEmpty());
      assertThat(LeakReports.afterCollection())
          .singleElement()
          .satisfies(report -> assertThat(report).contains("LEAK", "LeakReportsTest"));
    } finally {
      LeakReports.clear();
    }
  }

  /** In a method of its own, so that no frame on the stack holds the buffer. */
  private static void loseBuffer() {
    new PooledByteBufAllocator(true).directBuffer(100).writeByte(1);
  }
}
