package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LateStepsTest {

  private static final long MS = 1_000_000;

  private final LateSteps steps = new LateSteps(5);
  private long now = 7_000 * MS;
  private long step = 5;
  private long arrived = 0;

  private boolean after(long ms) {
    now += ms * MS;
    return steps.isLate(step, arrived, now);
  }

  /** Whether any of {@code count} steps, each of {@code ms}, is late. */
  private boolean anyLate(int count, long ms) {
    boolean late = false;
    for (int i = 0; i < count; i++) {
      step++;
      late |= after(ms);
    }
    return late;
  }

  @Test
  void theFirstStepIsNeverLate() {
    assertThat(after(600_000)).isFalse();
  }

  @Test
  void aMinuteIsLateBeforeItKnowsWhatIsUsual() {
    assertThat(anyLate(15, 10)).isFalse();

    assertThat(after(59_900)).isFalse();
    assertThat(after(200)).isTrue();
    assertThat(after(59_800)).isFalse();
    assertThat(after(200)).isTrue();
  }

  @Test
  void whatIsUsualIsKnownAfterTwentySteps() {
    anyLate(19, 10);
    assertThat(after(2_100)).isFalse();
    anyLate(1, 10);

    assertThat(after(4_500)).isTrue();
  }

  @Test
  void quickStepsAreGivenTheTimeThatABusyMachineNeeds() {
    anyLate(30, 10);

    assertThat(after(1_900)).isFalse();
    assertThat(after(200)).isTrue();
  }

  @Test
  void slowStepsAreGivenAMultipleOfTheUsualTime() {
    anyLate(60, 1_000);

    assertThat(after(7_900)).isFalse();
    assertThat(after(200)).isTrue();
  }

  @Test
  void aLateStepIsToldAgainWhenTheWaitHasDoubled() {
    anyLate(30, 10);

    assertThat(after(2_100)).isTrue();
    assertThat(after(1_000)).isFalse();
    assertThat(after(1_000)).isTrue();
    assertThat(after(1_000)).isFalse();
  }

  @Test
  void tellsHowOftenItWasLate() {
    anyLate(30, 10);
    after(2_100);
    assertThat(steps.times()).isEqualTo(1);
    after(2_000);
    assertThat(steps.times()).isEqualTo(2);
    anyLate(1, 10);

    assertThat(steps.times()).isZero();
  }

  @Test
  void anEvaluationMayTakeAsLongAsItGoesOn() {
    anyLate(30, 10);
    for (int i = 0; i < 10; i++) {
      arrived++;
      assertThat(after(1_900)).isFalse();
    }

    assertThat(after(2_100)).isTrue();
  }

  @Test
  void whatWasWaitedForBeforeTheFirstStepIsNotUsual() {
    after(500_000);
    anyLate(30, 10);

    assertThat(after(2_100)).isTrue();
  }
}
