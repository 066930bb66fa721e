package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.nn.Sums;
import io.lockstep.training.TotalsPart;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeasuredReportTest {

  private static final long SECOND = 1_000_000_000L;
  private static final TotalsPart PART = new TotalsPart(2, 0, 1, List.of(0.5));

  @Test
  void isToldAtOnceAndEverySecondUntilTheStepIsDone() {
    MeasuredReport report = new MeasuredReport();
    long start = Long.MAX_VALUE - SECOND; // The clock may begin anywhere.
    assertThat(report.due(start)).isNull();
    Coordinator.Measured measured = new Coordinator.Measured(1, 7, PART);
    report.begin(measured);

    assertThat(report.due(start)).isEqualTo(measured);
    assertThat(report.due(start + SECOND - 1)).isNull();
    assertThat(report.due(start + SECOND)).isEqualTo(measured);
    assertThat(report.due(start + SECOND + 1)).isNull();
    report.end();
    assertThat(report.due(start + 9 * SECOND)).isNull();
  }

  @Test
  void aNewStepIsToldAtOnce() {
    MeasuredReport report = new MeasuredReport();
    report.begin(new Coordinator.Measured(1, 7, PART));
    report.due(0);
    Coordinator.Measured next = new Coordinator.Measured(1, 8, PART);
    report.begin(next);

    assertThat(report.due(1)).isEqualTo(next);
  }

  @Test
  void aShardWakesItsNodeAndEndsWithItsStep() {
    int[] woken = new int[1];
    ShardReports reports =
        new ShardReports(0, 1, ShardReports.SERVED, false, version -> false, () -> woken[0]++);
    reports.measured(7, PART);

    assertThat(woken[0]).isEqualTo(1);
    assertThat(reports.take()).containsExactly(new Coordinator.Measured(1, 7, PART));
    assertThat(reports.take()).isEmpty();
    reports.measured(7, PART);
    reports.stepDone(7, Sums.NONE, new Sums());
    assertThat(reports.take()).containsExactly(new Coordinator.StepsDone(1, 8, List.of()));
  }
}
