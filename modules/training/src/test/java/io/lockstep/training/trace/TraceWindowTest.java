package io.lockstep.training.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TraceWindowTest {

  @Test
  void isUsuallyTwoThirdsThroughWhatIsToBeDone() {
    assertThat(TraceWindow.usual(0, 300)).isEqualTo(new TraceWindow(200, 40));
    assertThat(TraceWindow.usual(0, 50)).isEqualTo(new TraceWindow(10, 40));
    assertThat(TraceWindow.usual(0, 14)).isEqualTo(new TraceWindow(0, 14));
    assertThat(TraceWindow.usual(100, 160)).isEqualTo(new TraceWindow(120, 40));
  }

  @Test
  void goesOnFromAStep() {
    TraceWindow window = new TraceWindow(100, 40);
    assertThat(window.from(99)).isEqualTo(window);
    assertThat(window.from(130)).isEqualTo(new TraceWindow(130, 10));
    assertThat(window.from(140)).isEqualTo(TraceWindow.NONE);
  }

  @Test
  void refusesMoreThanThreadsKeep() {
    assertThatThrownBy(() -> new TraceWindow(3, 1_001))
        .hasMessage(
            "steps to trace: expected a first step of at least 0 and 0 to 1000 steps, found 3:1001");
  }
}
