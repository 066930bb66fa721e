package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.wire.MeasuringException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ControlMeterTest {

  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long START = 5;

  /** An actor by a clock of its own. */
  private static final class Actor implements ControlMeter.Subject {

    private final LongUnaryOperator nanos;
    private long now = START;
    private long asked;
    private boolean paused;

    /** Asked after a pause, which no message is that it is warmed up by. */
    private long measured;

    /**
     * @param nanos how long it takes to deal with a message, by how many came before
     */
    Actor(LongUnaryOperator nanos) {
      this.nanos = nanos;
    }

    @Override
    public long now() {
      return now;
    }

    @Override
    public void pause(long pause) {
      now += pause;
      paused = true;
    }

    @Override
    public long ask(Duration patience) {
      assertThat(patience).isPositive();
      if (paused) {
        measured++;
      }
      paused = false;
      long takes = nanos.applyAsLong(asked++);
      if (takes > patience.toNanos()) {
        now += patience.toNanos();
        throw new CompletionException(new TimeoutException("no answer"));
      }
      now += takes;
      return takes;
    }

    double median() {
      return new ControlMeter(this).median();
    }

    /** What it tells when fewer than 30 messages are answered in time. */
    void assertRefused(int answers) {
      assertThatThrownBy(this::median)
          .isInstanceOf(MeasuringException.class)
          .hasMessage(
              "measuring messages between actors: expected at least 30 answers within 10 s, found %d; measure while nothing else runs, or read a profile (--profile)",
              answers);
      assertThat(now - START).isBetween(LIMIT_NANOS, LIMIT_NANOS + 1_000_000);
    }
  }

  @Test
  void measures() {
    assertThat(ControlMeter.hopNanos()).isPositive().isFinite();
  }

  /** Whatever disturbs a few of them. */
  @Test
  void takesTheMedianOfSomeHundredMessages() {
    Actor actor = new Actor(message -> message % 10 == 0 ? 900_000 : 20_000);

    assertThat(actor.median()).isEqualTo(20_000);
    assertThat(actor.measured).isEqualTo(300);
    assertThat(actor.asked).isEqualTo(10_300);
  }

  /** 27 in the 4 s of warming up, then 39. */
  @Test
  void takesTheMedianOfThoseThatAreAnsweredInTime() {
    Actor actor = new Actor(message -> 150_000_000);

    assertThat(actor.median()).isEqualTo(150_000_000);
    assertThat(actor.measured).isBetween(30L, 45L);
    assertThat(actor.now - START).isEqualTo(LIMIT_NANOS);
  }

  /** Each would be answered within the limit. */
  @Test
  void refusesWhereMessagesAreTooFew() {
    new Actor(message -> 900_000_000).assertRefused(6);
  }

  @Test
  void refusesWhereTheNextMessageIsNotAnsweredAnyMore() {
    new Actor(message -> message < 10_010 ? 20_000 : Long.MAX_VALUE).assertRefused(10);
  }

  @Test
  void refusesWhereThereIsNoAnswer() {
    new Actor(message -> Long.MAX_VALUE).assertRefused(0);
  }
}
