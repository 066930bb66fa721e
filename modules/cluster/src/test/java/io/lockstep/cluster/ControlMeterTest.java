package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ControlMeterTest {

  @Test
  void measures() {
    assertThat(ControlMeter.hopNanos()).isPositive().isFinite();
  }
}
