package io.lockstep.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.optim.LearningRateSchedule.Constant;
import io.lockstep.optim.LearningRateSchedule.Cosine;
import io.lockstep.optim.LearningRateSchedule.Exponential;
import io.lockstep.optim.LearningRateSchedule.Step;
import io.lockstep.optim.LearningRateSchedule.WarmUp;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {

  @Test
  void constantStays() {
    assertThat(new Constant(0.1).rate(0)).isEqualTo(0.1);
    assertThat(new Constant(0.1).rate(1_000_000_000_000L)).isEqualTo(0.1);
  }

  @Test
  void stepMultipliesAtEachStage() {
    Step step = new Step(0.8, 0.5, 10);
    assertThat(step.rate(9)).isEqualTo(0.8);
    assertThat(step.rate(10)).isEqualTo(0.4);
    assertThat(step.rate(39)).isEqualTo(0.1);
  }

  @Test
  void exponentialDecaysEvenly() {
    Exponential exponential = new Exponential(1, 0.25, 100);
    assertThat(exponential.rate(0)).isEqualTo(1);
    assertThat(exponential.rate(50)).isCloseTo(0.5, within(1e-15));
    assertThat(exponential.rate(200)).isCloseTo(0.0625, within(1e-15));
  }

  @Test
  void cosineIsAHalfWaveThenStays() {
    Cosine cosine = new Cosine(1, 100, 0.2);
    assertThat(cosine.rate(0)).isEqualTo(1);
    assertThat(cosine.rate(50)).isCloseTo(0.6, within(1e-15));
    assertThat(cosine.rate(25)).isCloseTo(0.6 + 0.4 * Math.sqrt(0.5), within(1e-15));
    assertThat(cosine.rate(100)).isEqualTo(0.2);
    assertThat(cosine.rate(1000)).isEqualTo(0.2);
  }

  @Test
  void warmUpRisesLinearlyThenTheScheduleBegins() {
    LearningRateSchedule schedule = new Step(0.8, 0.5, 10).withWarmUp(4);
    assertThat(schedule.rate(0)).isEqualTo(0.2);
    assertThat(schedule.rate(1)).isEqualTo(0.4);
    assertThat(schedule.rate(3)).isEqualTo(0.8);
    assertThat(schedule.rate(13)).isEqualTo(0.8);
    assertThat(schedule.rate(14)).isEqualTo(0.4);
    assertThat(new Constant(1).withWarmUp(0)).isEqualTo(new Constant(1));
  }

  @Test
  void describesItself() {
    assertThat(new Constant(0.1).describe()).isEqualTo("constant(0.1)");
    assertThat(new Step(0.1, 0.5, 10).describe()).isEqualTo("step(0.1, factor=0.5, every=10)");
    assertThat(new Exponential(0.1, 0.5, 10).describe())
        .isEqualTo("exponential(0.1, factor=0.5, steps=10)");
    assertThat(new Cosine(0.1, 100, 0).withWarmUp(5).describe())
        .isEqualTo("cosine(0.1, steps=100, last=0.0) after warm-up(5)");
  }

  @Test
  void refusesParametersOutOfRange() {
    refused(() -> new Constant(0), "learning rate: expected a finite number above 0 but found 0.0");
    refused(
        () -> new Constant(Double.NaN),
        "learning rate: expected a finite number above 0 but found NaN");
    refused(() -> new Step(1, 0, 1), "step factor: expected a number in (0, 1] but found 0.0");
    refused(() -> new Step(1, 0.5, 0), "step every: expected at least 1 step but found 0");
    refused(
        () -> new Exponential(1, 2, 1),
        "exponential factor: expected a number in (0, 1] but found 2.0");
    refused(
        () -> new Exponential(1, 0.5, -1),
        "exponential steps: expected at least 1 step but found" + " -1");
    refused(() -> new Cosine(1, 0, 0), "cosine steps: expected at least 1 step but found 0");
    refused(() -> new Cosine(1, 1, 2), "cosine last: expected a number in [0, 1.0] but found 2.0");
    refused(() -> new WarmUp(0, new Constant(1)), "warm-up: expected at least 1 step but found 0");
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
