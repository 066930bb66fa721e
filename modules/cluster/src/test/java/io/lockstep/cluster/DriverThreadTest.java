package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DriverThreadTest {

  private static final long LIMIT_SECONDS = 60;

  /** What the driver's actor has it do starts none. */
  @Test
  void isThereFromTheStart() throws Exception {
    AtomicInteger started = new AtomicInteger();
    ExecutorService thread =
        DriverThread.start(
            task -> {
              started.incrementAndGet();
              return Thread.ofPlatform().daemon(true).unstarted(task);
            });
    try {
      assertThat(started).hasValue(1);
      for (int i = 0; i < 3; i++) {
        thread.submit(() -> {}).get(LIMIT_SECONDS, TimeUnit.SECONDS);
      }
      assertThat(started).hasValue(1);
    } finally {
      thread.shutdownNow();
    }
  }
}
