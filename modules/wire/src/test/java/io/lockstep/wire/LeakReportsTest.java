package io.lockstep.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

/** The tests that see no leak would see one. */
class LeakReportsTest {

  @Test
  void lostBufferIsReported() {
    assertThat(LeakReports.afterCollection()).isEmpty();
    new PooledByteBufAllocator(true).directBuffer(100).writeByte(1);
    try {
      assertThat(LeakReports.afterCollection())
          .singleElement()
          .satisfies(report -> assertThat(report).contains("LEAK", "LeakReportsTest"));
    } finally {
      LeakReports.clear();
    }
  }
}
