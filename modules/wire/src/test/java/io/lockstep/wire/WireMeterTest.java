package io.lockstep.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.wire.WireMeter.Line;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Costs of real frames over real sockets; how large they are is no matter here. */
@Timeout(60)
class WireMeterTest {

  private static final int FRAME = 1 << 16;
  private static final double[] SIZES = {1_000, 10_000, 100_000};

  @Test
  void measuresFramesOverSockets() {
    try (WireMeter meter = WireMeter.ofSockets()) {
      assertCosts(meter.measure());
    }
    assertThat(LeakReports.afterCollection()).isEmpty();
  }

  @Test
  void measuresFramesInSharedMemory() {
    try (WireMeter meter = WireMeter.ofSharedMemory()) {
      assertCosts(meter.measure());
    }
    assertThat(LeakReports.afterCollection()).isEmpty();
  }

  private static void assertCosts(WireMeter.Costs costs) {
    SoftAssertions softly = new SoftAssertions();
    WireMeter.Frames apart = costs.apart();
    softly.assertThat(apart.hand().at(FRAME)).isPositive();
    softly.assertThat(apart.send().at(FRAME)).isPositive();
    softly.assertThat(apart.receive().slope()).isPositive();
    WireMeter.Frames behind = costs.behind();
    softly.assertThat(behind.hand().at(FRAME)).isPositive();
    for (Line line : List.of(behind.hand(), behind.send(), behind.receive())) {
      softly.assertThat(line.start()).isNotNegative().isFinite();
      softly.assertThat(line.slope()).isNotNegative().isFinite();
    }
    softly.assertThat(costs.loopWake()).isNotNegative();
    softly.assertThat(costs.wake()).isPositive();
    softly.assertAll();
  }

  @Test
  void aLineGoesThroughWhatLiesOnOne() {
    Line line = Line.through(SIZES, new double[] {7_000, 25_000, 205_000});

    assertThat(line.start()).isCloseTo(5_000, within(1e-6));
    assertThat(line.slope()).isCloseTo(2, within(1e-9));
  }

  /** Where event loops have so much to do at once that one frame more costs them nothing. */
  @Test
  void oneSizeThatCostsNothingDoesNotMakeAllOthersFree() {
    for (int free = 0; free < SIZES.length; free++) {
      double[] nanos = {3_000, 2_500, 4_000};
      nanos[free] = 0;

      Line line = Line.through(SIZES, nanos);

      assertThat(line.start()).isNotNegative();
      assertThat(line.slope()).isNotNegative();
      assertThat(line.at(SIZES[2])).isBetween(300.0, 5_000.0);
    }
  }

  @Test
  void nothingCostsLessThanNothing() {
    assertThat(Line.through(SIZES, new double[] {500, 10_000, 101_000}).start()).isZero();

    Line falling = Line.through(SIZES, new double[] {500, 400, 300});
    assertThat(falling.slope()).isZero();
    assertThat(falling.start()).isBetween(300.0, 500.0);
  }
}
