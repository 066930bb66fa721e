package io.lockstep.training.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ClockOffsetsTest {

  @Test
  void takesTheMiddleOfTheQuestionThatWasAnsweredFastest() {
    ClockOffsets clock = new ClockOffsets(false);
    clock.add(1_000, 400, 1_900, false);
    clock.add(2_000, 1_050, 2_100, false); // Its clock is 1,000 behind.

    assertThat(clock.offset(5_000)).isEqualTo(1_000);
    assertThat(clock.errorNanos()).isEqualTo(50);
    assertThat(clock.count()).isEqualTo(2);
  }

  @Test
  void interpolatesBetweenBeforeAndAfter() {
    ClockOffsets clock = new ClockOffsets(false);
    clock.add(1_000, 0, 1_000, false);
    clock.add(11_990, 10_000, 12_010, true); // Behind by 1,000 first, then by 2,000.

    assertThat(clock.offset(0)).isEqualTo(1_000);
    assertThat(clock.offset(2_500)).isEqualTo(1_250);
    assertThat(clock.offset(10_000)).isEqualTo(2_000);
    assertThat(clock.errorNanos()).isEqualTo(10);
  }

  @Test
  void knowsNothingWithoutAnAnswer() {
    ClockOffsets clock = new ClockOffsets(false);
    assertThat(clock.isKnown()).isFalse();
    assertThatThrownBy(clock::errorNanos)
        .hasMessage("expected an answer of the node's clock, found none");
    assertThat(new ClockOffsets(true).isKnown()).isTrue();
  }

  @Test
  void oneClockIsNotInDoubt() {
    ClockOffsets clock = new ClockOffsets(true);
    clock.add(1_000, 1_200, 2_000, false); // Somewhere between both.

    assertThat(clock.isSame()).isTrue();
    assertThat(clock.offset(0)).isZero();
    assertThat(clock.errorNanos()).isZero();
  }

  /** As of two machines that went on from one snapshot: no question takes that long. */
  @Test
  void clocksThatAreSaidToBeOneAreComparedWhereTheyAreNot() {
    ClockOffsets clock = new ClockOffsets(true);
    clock.add(1_000, 500, 1_100, false);

    assertThat(clock.isSame()).isFalse();
    assertThat(clock.offset(0)).isEqualTo(550);
    assertThat(clock.errorNanos()).isEqualTo(50);
  }
}
