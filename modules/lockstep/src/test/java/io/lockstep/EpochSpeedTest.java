package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class EpochSpeedTest {

  private static final long SECOND = 1_000_000_000L;

  private final EpochSpeed speed = new EpochSpeed();

  @Test
  void isThatOfTheEpochAlone() {
    speed.add(100);
    speed.end();
    assertThat(speed.report(10 * SECOND)).isEqualTo(10);

    speed.add(100);
    speed.end();
    assertThat(speed.report(12 * SECOND)).isEqualTo(50);
  }

  @Test
  void leavesOutStepsOfTheNextEpochThatAreDoneWhileItIsValidated() {
    speed.add(100);
    speed.end();
    speed.add(30);
    assertThat(speed.report(SECOND)).isEqualTo(100);

    speed.add(70);
    speed.end();
    assertThat(speed.report(3 * SECOND)).isEqualTo(50);
  }

  @Test
  void isUnknownWhereAnEarlierProcessTrainedTheEpoch() {
    assertThat(speed.report(SECOND)).isNaN();
  }
}
