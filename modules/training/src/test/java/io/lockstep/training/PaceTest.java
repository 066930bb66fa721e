package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PaceTest {

  private static final long MS = 1_000_000;

  private final Pace pace = new Pace();

  /** What is told after {@code microBatches} more in {@code ms}, in ms. */
  private double told(int microBatches, long ms) {
    pace.computed(microBatches, ms * MS);
    return pace.nanosPerMicroBatch() / MS;
  }

  private void learn() {
    for (int i = 0; i < 3; i++) {
      told(50, 500);
    }
  }

  @Test
  void tellsTheTimeOfAMicroBatchOnceItsCodeHasRunForAWhile() {
    assertThat(told(50, 500)).isZero();
    assertThat(told(50, 500)).isZero();
    assertThat(told(50, 500)).isCloseTo(10, within(1e-9));
  }

  @Test
  void tellsNothingWhereNothingWasComputed() {
    learn();

    assertThat(pace.nanosPerMicroBatch()).isZero();
    assertThat(told(1, 10)).isCloseTo(10, within(1e-9));
  }

  @Test
  void followsAnotherSpeed() {
    learn();
    for (int i = 0; i < 5; i++) {
      told(16, 500);
    }

    assertThat(told(16, 500)).isCloseTo(500 / 16.0, within(2.0));
  }

  @Test
  void forgetsSoonThatTheProcessStoodStill() {
    learn();
    told(2, 30_000);

    assertThat(told(50, 500)).isLessThan(15);
    assertThat(told(50, 500)).isLessThan(12);
  }
}
