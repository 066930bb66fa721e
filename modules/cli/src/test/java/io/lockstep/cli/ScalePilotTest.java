package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.model.Metrics;
import io.lockstep.report.scale.SteadyRate;
import io.lockstep.report.scale.SteadySteps;
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
    SteadySteps steps = new SteadySteps();
    double seconds = 0;
    for (int step = 1; !pilot.isEnough(steps) && step <= 10_000; step++) {
      seconds += secondsOfStep.applyAsDouble(step);
      metrics.add(step(step, seconds));
      steps.add(metrics.getLast());
    }
    return metrics;
  }

  private static Metrics.Step step(int step, double seconds) {
    return new Metrics.Step(step, 1, 0.5, null, 0.1, 100, seconds);
  }

  @Test
  void twoThirdsOfTheStepsTakeTheTime() {
    List<Metrics> metrics = run(new ScalePilot(10), step -> 0.125);

    assertThat(SteadyRate.of(metrics).seconds()).isEqualTo(10);
    assertThat(metrics).hasSize(120);
  }

  /** It goes on for some steps while it is ended: by chance slower, or faster, than before. */
  @Test
  void whatARunStillDoesWhileItEndsTellsNothingElse() {
    ScalePilot pilot = new ScalePilot(10);
    List<Metrics> metrics = new ArrayList<>(run(pilot, step -> step <= 60 ? 0.126 : 0.12));
    assertThat(SteadySteps.of(metrics).growth()).isBetween(1.01, 1.05);
    int steps = metrics.size();
    for (int i = 1; i <= 20; i++) {
      double before = metrics.getLast().seconds();
      metrics.add(step(steps + i, before + 0.09));
    }

    SteadySteps all = SteadySteps.of(metrics);
    assertThat(pilot.isEnough(all)).isFalse();
    assertThat(pilot.found(all, RUN).steps()).isEqualTo(steps + 20);
    assertThat(pilot.doubt(all)).isEmpty();
  }

  /** With it the first of those that counted counts no more. */
  @Test
  void aLastStepThatIsShorterChangesNothing() {
    ScalePilot pilot = new ScalePilot(10);
    List<Metrics> metrics = new ArrayList<>(run(pilot, step -> 0.125));
    metrics.add(step(121, metrics.getLast().seconds() + 0.01));

    SteadySteps steps = SteadySteps.of(metrics);
    assertThat(steps.rate().orElseThrow().seconds()).isLessThan(10);
    assertThat(pilot.found(steps, RUN).steps()).isEqualTo(121);
  }

  /** However few seconds are named. */
  @Test
  void theFirstSecondsDoNotCount() {
    List<Metrics> metrics = run(new ScalePilot(1), step -> step <= 8 ? 0.25 : 0.125);

    assertThat(SteadySteps.of(metrics).begin()).isEqualTo(3);
    assertThat(SteadyRate.of(metrics).stepMs()).isEqualTo(125);
  }

  /** 3 s with code that is interpreted, 3 s with some that is compiled, then all of it is. */
  @Test
  void stepsWhoseCodeIsStillCompiledDoNotCount() {
    List<Metrics> metrics =
        run(new ScalePilot(3), step -> step <= 10 ? 0.3 : step <= 70 ? 0.05 : 0.01);

    SteadyRate steady = SteadyRate.of(metrics);
    assertThat(steady.seconds()).isCloseTo(3, within(0.02));
    assertThat(steady.stepMs()).isCloseTo(10, within(1e-6));
  }

  /** The hundredth step is a hundred times as fast as the first. */
  @Test
  void aRunWhoseSpeedNeverBecomesSteadyEndsAllTheSame() {
    ScalePilot pilot = new ScalePilot(1);
    List<Metrics> metrics = run(pilot, step -> 3.0 / step);

    SteadySteps steps = SteadySteps.of(metrics);
    assertThat(steps.growth()).isGreaterThan(1.05);
    assertThat(metrics.getLast().seconds()).isBetween(14.0, 14.1);
    assertThat(pilot.found(steps, RUN).steps()).isEqualTo(metrics.size());
    assertThat(pilot.doubt(steps).orElseThrow())
        .startsWith(
            "--seconds 1: expected steps at one speed for so long within 14 s but found 3.2 s of"
                + " steps, the second half of them 1.70 ")
        .endsWith(
            "times as fast as the first; all runs are as long as this one, and may be no"
                + " steadier: name more --seconds, or --steps");
  }

  /** An evaluation after each but the first two of them, which takes ten times as long. */
  @Test
  void aRunThatHardlyTrainsIsTakenWithAWarning() {
    SteadySteps steps = new SteadySteps();
    ScalePilot pilot = new ScalePilot(5);
    steps.add(step(1, 0.5));
    steps.add(step(2, 1));
    for (int step = 3; !pilot.isEnough(steps); step++) {
      steps.add(
          new Metrics.Evaluation(
              "validation", step - 1, 1, 1, null, null, null, 5.5 * step - 10.5));
      steps.add(step(step, 5.5 * step - 10));
    }

    assertThat(steps.seconds()).isBetween(30.0, 36.0);
    assertThat(pilot.doubt(steps).orElseThrow())
        .contains("within 30 s but found 0.5 s of steps, too few to be compared; ");
  }

  @Test
  void ofASteadyRunThereIsNoDoubt() {
    ScalePilot pilot = new ScalePilot(10);

    assertThat(pilot.doubt(SteadySteps.of(run(pilot, step -> 0.125)))).isEmpty();
  }

  /** All seconds that may be named. */
  @Test
  void aRunMayLastForHours() {
    SteadySteps steps = SteadySteps.of(run(new ScalePilot(3_600), step -> 2));

    assertThat(steps.seconds()).isEqualTo(5_400);
  }

  /** However long the data take to be read. */
  @Test
  void aRunIsWaitedForUntilItBegins() {
    Predicate<List<Metrics>> until = new ScalePilot(1).until(() -> now, RUN);

    assertThat(until.test(List.of())).isFalse();
    now += TimeUnit.SECONDS.toNanos(1_199);
    assertThat(until.test(List.of())).isFalse();
    assertThat(until.test(List.of(step(1, 0.5)))).isFalse();
    now += TimeUnit.SECONDS.toNanos(133);
    assertThat(until.test(List.of())).isFalse();
    assertThat(until.test(List.of(step(2, 7), step(3, 14)))).isTrue();
    now += TimeUnit.HOURS.toNanos(1);
    assertThat(until.test(List.of())).isTrue();
  }

  @Test
  void aRunThatDoesNotBeginIsRefused() {
    Predicate<List<Metrics>> until = new ScalePilot(1).until(() -> now, RUN);
    now += TimeUnit.SECONDS.toNanos(1_200);

    assertThatThrownBy(() -> until.test(List.of()))
        .isInstanceOf(ScaleException.class)
        .hasMessage(
            "--seconds 1: expected the first step within 20 minutes, but there was none; "
                + RUN
                + ".log says how far it came");
  }

  @Test
  void aRunWithTooFewStepsIsRefused() {
    Predicate<List<Metrics>> until = new ScalePilot(1).until(() -> now, RUN);
    assertThat(until.test(List.of(step(1, 0.5)))).isFalse();
    now += TimeUnit.SECONDS.toNanos(134);

    assertThatThrownBy(() -> until.test(List.of()))
        .isInstanceOf(ScaleException.class)
        .hasMessage(
            "--seconds 1: expected steady steps for so long within 134 s but found 1 step, see "
                + RUN
                + ".log; name a smaller --batch, or --steps instead");
  }
}
