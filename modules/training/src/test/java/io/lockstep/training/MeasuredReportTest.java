package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

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
    MeasuredReport.Measured measured = new MeasuredReport.Measured(7, PART);
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
    report.begin(new MeasuredReport.Measured(7, PART));
    report.due(0);
    MeasuredReport.Measured next = new MeasuredReport.Measured(8, PART);
    report.begin(next);

    assertThat(report.due(1)).isEqualTo(next);
  }
}
