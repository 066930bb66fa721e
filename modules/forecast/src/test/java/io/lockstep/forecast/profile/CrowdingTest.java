package io.lockstep.forecast.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of times that were measured; how long anything takes is no matter here. */
@Timeout(60)
class CrowdingTest {

  @Test
  void countsOfThreadsThatWereNotMeasuredLieOnALine() {
    assertThat(Crowding.between(List.of(1, 2, 4, 6), new double[] {128, 160, 192, 256}))
        .containsExactly(1.0, 1.25, 1.375, 1.5, 1.75, 2.0);
  }

  @Test
  void nothingIsFasterForBeingCrowded() {
    assertThat(Crowding.between(List.of(1, 2), new double[] {128, 96})).containsExactly(1.0, 1.0);
  }

  @Test
  void oneThreadIsNotCrowded() {
    assertThat(new Crowding(List.of(CrowdingTest::fail)).slowdowns()).containsExactly(1.0);
  }

  @Test
  void saysWhyAPassFailed() {
    assertThatThrownBy(() -> new Crowding(List.of(CrowdingTest::fail, () -> {})).slowdowns())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a pass failed while it was measured")
        .hasRootCauseMessage("no such weights");
  }

  private static void fail() {
    throw new IllegalArgumentException("no such weights");
  }
}
