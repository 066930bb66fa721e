package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FiguresTest {

  @Test
  void groupsThousandsAndCountsNouns() {
    assertThat(Figures.count(1_234_567)).isEqualTo("1,234,567");
    assertThat(Figures.count(1, "row")).isEqualTo("1 row");
    assertThat(Figures.count(0, "row")).isEqualTo("0 rows");
    assertThat(Figures.microBatches(1)).isEqualTo("1 micro-batch");
    assertThat(Figures.microBatches(4)).isEqualTo("4 micro-batches");
  }

  @Test
  void showsLossesOfAnySize() {
    assertThat(Figures.loss(0.123456)).isEqualTo("0.1235");
    assertThat(Figures.loss(123_456)).isEqualTo("1.235e+05");
    assertThat(Figures.loss(Double.NaN)).isEqualTo("NaN");
  }

  @Test
  void showsADashWhereThereIsNoAccuracy() {
    assertThat(Figures.percent(0.98765)).isEqualTo("98.77 %");
    assertThat(Figures.percent(null)).isEqualTo("-");
    assertThat(Figures.percent(Double.NaN)).isEqualTo("-");
  }

  @Test
  void showsTimeLeftAsAClock() {
    assertThat(Figures.clock(7.2)).isEqualTo("0:07");
    assertThat(Figures.clock(754)).isEqualTo("12:34");
    assertThat(Figures.clock(7205)).isEqualTo("2:00:05");
    assertThat(Figures.clock(Double.NaN)).isEqualTo("-:--");
    assertThat(Figures.clock(Double.POSITIVE_INFINITY)).isEqualTo("-:--");
  }

  @Test
  void showsBytesInTheUnitThatFits() {
    assertThat(Figures.bytes(512)).isEqualTo("512 B");
    assertThat(Figures.bytes(1_500_000)).isEqualTo("1.5 MB");
    assertThat(Figures.bytes(999_999)).isEqualTo("1.0 MB");
    assertThat(Figures.bytes(262_144)).isEqualTo("262 kB");
  }
}
