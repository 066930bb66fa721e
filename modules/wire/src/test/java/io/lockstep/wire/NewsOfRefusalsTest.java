package io.lockstep.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NewsOfRefusalsTest {

  private static final String HOST = "10.0.0.1";

  private final AtomicLong now = new AtomicLong();
  private final Refusals refusals = new Refusals(now::get);

  @Test
  void eachKindIsNewsOnceForAHostHoweverOftenItTries() {
    assertThat(refusals.isNews(HOST, "another key")).isTrue();
    for (int i = 0; i < 5; i++) {
      now.addAndGet(Refusals.QUIET.toNanos());
      assertThat(refusals.isNews(HOST, "another key")).isFalse();
    }
    assertThat(refusals.isNews(HOST, "no certificate")).isTrue();
    assertThat(refusals.isNews("10.0.0.2", "another key")).isTrue();
  }

  @Test
  void aKindIsNewsAgainAfterAQuietTime() {
    refusals.isNews(HOST, "another key");
    now.addAndGet(Refusals.QUIET.toNanos() + 1);

    assertThat(refusals.isNews(HOST, "another key")).isTrue();
  }

  @Test
  void manyHostsTakeNoMoreMemory() {
    refusals.isNews("the first", "another key");
    for (int i = 0; i < 1_000; i++) {
      assertThat(refusals.isNews("host " + i, "another key")).isTrue();
    }

    assertThat(refusals.isNews("the first", "another key")).isTrue();
    assertThat(refusals.isNews("host 999", "another key")).isFalse();
  }
}
