package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.model.Metrics;
import io.lockstep.report.scale.SteadyRate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToDoubleFunction;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

final class ScalePilotTest {

  private static final Path RUN = Path.of("cell", "pilot");

  /** The clock of the test, in nanoseconds. */
  private long now = Long.MAX_VALUE - 5;

  /** Steps until it is enough. */
  private static List<Metrics> run(ScalePilot pilot, IntToDoubleFunction secondsOfStep) {
    List<Metrics> metrics = new ArrayList<>();
    double seconds = 0;
    for (int step = 1; !pilot.isEnough(metrics) && step <= 10_000; step++) {
      seconds += secondsOfStep.applyAsDouble(step);
      metrics.add(step(step, seconds));
    }
    return metrics;
  }

  private static Metrics.Step step(int step, double seconds) {
    return new Metrics.Step(step, 1, 0.5, null, 0.1, 100, seconds);
  }

  @Test
  void twoThirdsOfTheStepsTakeTheTime() {
    List<Metrics> metrics = run(new ScalePilot(2), step -> 0.01);

    SteadyRate steady = SteadyRate.of(metrics);
    assertThat(steady.seconds()).isCloseTo(2, within(0.011));
    assertThat(metrics).hasSize(300);
  }

  /** 40 steps with code that is interpreted, 60 with some that is compiled, then the rest. */
  @Test
  void stepsWhoseCodeIsStillCompiledDoNotCount() {
    List<Metrics> metrics =
        run(new ScalePilot(1), step -> step <= 40 ? 0.2 : step <= 100 ? 0.05 : 0.01);

    SteadyRate steady = SteadyRate.of(metrics);
    assertThat(steady.seconds()).isGreaterThanOrEqualTo(1);
    assertThat(steady.stepMs()).isBetween(10.0, 10.5);
  }

  /** Each step is 1 % faster than the one before. */
  @Test
  void aRunWhoseSpeedNeverBecomesSteadyEndsAllTheSame() {
    List<Metrics> metrics = run(new ScalePilot(1), step -> 0.5 * Math.pow(0.99, step));

    assertThat(SteadyRate.growth(metrics)).isGreaterThan(1.05);
    assertThat(metrics.getLast().seconds()).isBetween(14.0, 14.5);
  }

  @Test
  void aRunWithStepsIsWaitedForAsLongAsItTakes() {
    Predicate<List<Metrics>> until = new ScalePilot(1).until(() -> now, RUN);

    assertThat(until.test(List.of())).isFalse();
    now += TimeUnit.SECONDS.toNanos(133);
    assertThat(until.test(List.of(step(1, 0.5)))).isFalse();
    assertThat(until.test(List.of(step(1, 7), step(2, 14)))).isTrue();
    now += TimeUnit.SECONDS.toNanos(1);
    assertThat(until.test(List.of(step(1, 7), step(2, 14)))).isTrue();
  }

  @Test
  void aRunWithoutStepsIsRefused() {
    Predicate<List<Metrics>> until = new ScalePilot(1).until(() -> now, RUN);
    now += TimeUnit.SECONDS.toNanos(134);

    assertThatThrownBy(() -> until.test(List.of()))
        .isInstanceOf(ScaleException.class)
        .hasMessage(
            "--seconds 1: expected steady steps for so long within 134 s but found 0 steps, see "
                + RUN
                + ".log; name a smaller --batch, or --steps instead");
  }
}
