package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusalsTest {

  private final AtomicLong now = new AtomicLong();
  private final Refusals refusals = new Refusals(now::get);

  @Test
  void eachReasonIsNewsOnceHoweverOftenSomebodyTries() {
    assertThat(refusals.isNews("another key")).isTrue();
    for (int i = 0; i < 5; i++) {
      now.addAndGet(Refusals.QUIET.toNanos());
      assertThat(refusals.isNews("another key")).isFalse();
    }
    assertThat(refusals.isNews("no certificate")).isTrue();
  }

  @Test
  void aReasonIsNewsAgainAfterAQuietTime() {
    refusals.isNews("another key");
    now.addAndGet(Refusals.QUIET.toNanos() + 1);

    assertThat(refusals.isNews("another key")).isTrue();
  }

  @Test
  void reasonsThatStrangersMakeUpTakeNoMoreMemory() {
    refusals.isNews("the first");
    for (int i = 0; i < 1_000; i++) {
      assertThat(refusals.isNews("made up: " + i)).isTrue();
    }

    assertThat(refusals.isNews("the first")).isTrue();
    assertThat(refusals.isNews("made up: 999")).isFalse();
  }
}
