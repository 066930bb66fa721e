package io.lockstep.report.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.model.Metrics;
import org.junit.jupiter.api.Test;

final class SteadyStepsTest {

  private static Metrics step(long step, double seconds) {
    return new Metrics.Step(step, 1, 0.5, null, 0.1, 6_400, seconds);
  }

  /** Each takes 10 ms, from the middle on 5 ms. */
  private static SteadySteps faster(int reports) {
    SteadySteps steps = new SteadySteps();
    double seconds = 0;
    for (int step = 1; step <= reports; step++) {
      seconds += step <= reports / 2 ? 0.01 : 0.005;
      steps.add(step(step, seconds));
    }
    return steps;
  }

  /** From a third to the half 10 ms, then 5 ms: of each length the same, to a few thousandths. */
  @Test
  void whatIsKeptOfLongRunsIsAsExact() {
    for (int reports : new int[] {3_000, 4_097, 4_098, 10_000, 123_456}) {
      SteadySteps steps = faster(reports);

      assertThat(steps.steps()).isEqualTo(reports);
      assertThat(steps.seconds()).isCloseTo(0.0075 * reports, within(0.01));
      assertThat(steps.begin()).isCloseTo(0.01 * reports / 3, within(2e-5 * reports));
      assertThat(steps.growth()).isCloseTo(1.5, within(0.005));
      SteadyRate rate = steps.rate().orElseThrow();
      assertThat(rate.stepMs()).isCloseTo(6.25, within(0.005));
      assertThat(rate.rowsPerSecond()).isCloseTo(6_400, within(1e-6));
      assertThat((double) rate.steps()).isCloseTo(2 * reports / 3.0, within(1e-3 * reports));
    }
  }

  @Test
  void howMuchIsKeptDoesNotGrowWithTheRun() {
    assertThat(faster(4_097).intervals()).hasSize(2_731);
    assertThat(faster(4_098).intervals()).hasSize(1_366);
    assertThat(faster(1_000_000).intervals().size()).isBetween(1_365, 2_731);
  }

  /**
   * Of 36,000 steps with a report each 150, where each epoch ends with an evaluation that takes as
   * long as 20 steps. Steps take 10 ms; those of the first undisturbed interval 5 ms.
   */
  private static SteadySteps ofEpochs(int stepsOfEpoch) {
    SteadySteps steps = new SteadySteps();
    double seconds = 0;
    boolean evaluated = true;
    boolean isFirst = true;
    for (int step = 1; step <= 36_000; step++) {
      seconds += 0.01;
      if (step % 150 == 0) {
        seconds -= evaluated || !isFirst ? 0 : 150 * 0.005;
        isFirst &= evaluated;
        steps.add(step(step, seconds));
        evaluated = false;
      }
      if (step % stepsOfEpoch == 0) {
        seconds += 0.2;
        steps.add(new Metrics.Evaluation("validation", step, 1, 0.5, null, null, null, seconds));
        evaluated = true;
      }
    }
    return steps;
  }

  /** In epochs of 151 steps one interval of 239 has none of an epoch's ends. */
  @Test
  void speedIsNotThatOfAFewIntervals() {
    SteadyRate rate = ofEpochs(151).rate().orElseThrow();

    assertThat(rate.steps()).isBetween(23_900L, 24_000L);
    assertThat(rate.stepMs()).isCloseTo(10 + 200 / 151.0, within(0.05));
  }

  @Test
  void withoutEvaluationsWhereManyIntervalsHaveNone() {
    for (int stepsOfEpoch : new int[] {170, 600, 10_000}) {
      SteadyRate rate = ofEpochs(stepsOfEpoch).rate().orElseThrow();

      assertThat(rate.stepMs()).isCloseTo(10, within(1e-6));
      assertThat((double) rate.steps())
          .isCloseTo(24_000 * (1 - 150.0 / stepsOfEpoch), within(600.0));
    }
  }

  @Test
  void withEvaluationsWhereAllIntervalsHaveOne() {
    SteadyRate rate = ofEpochs(50).rate().orElseThrow();

    assertThat(rate.steps()).isBetween(23_900L, 24_000L);
    assertThat(rate.stepMs()).isCloseTo(14, within(0.05));
  }

  @Test
  void withoutTwoReportsThereIsNoSpeed() {
    SteadySteps steps = new SteadySteps();
    steps.add(step(1, 0.5));

    assertThat(steps.rate()).isEmpty();
    assertThat(steps.growth()).isInfinite();
    assertThat(steps.begin()).isInfinite();
  }
}
