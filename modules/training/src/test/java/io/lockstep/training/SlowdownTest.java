package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SlowdownTest {

  private static final Duration FOR_GOOD = Duration.ofDays(36_500);

  private final Slowdown slowdown = new Slowdown();

  @Test
  void nothingWaitsUnlessAsked() {
    assertThat(slowdown.await(Long.MAX_VALUE)).isZero();
  }

  @Test
  void waitsForWhatASlowerMachineWouldHaveComputedLonger() {
    slowdown.slow(3, FOR_GOOD);

    assertThat(slowdown.await(5_000_000)).isGreaterThanOrEqualTo(10_000_000);
  }

  @Test
  void isOverWithItsTime() {
    slowdown.slow(1000, Duration.ofMillis(1));

    assertThat(slowdown.await(FOR_GOOD.toNanos() / 1000)).isLessThan(60_000_000_000L);
  }

  @Test
  void whoStandsStillGoesOnWhenItIsEnded() throws Exception {
    slowdown.standStill(FOR_GOOD);
    Thread still = Thread.ofPlatform().start(() -> slowdown.await(0));
    while (still.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }

    slowdown.end();

    still.join();
    assertThat(slowdown.await(1)).isZero();
  }

  @Test
  void fasterThanPossibleIsRefused() {
    assertThatThrownBy(() -> slowdown.slow(0.5, FOR_GOOD))
        .hasMessage("times: expected 1 or more but found 0.5");
  }
}
