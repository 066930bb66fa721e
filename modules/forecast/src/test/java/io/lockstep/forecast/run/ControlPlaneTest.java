package io.lockstep.forecast.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a run asks of its coordinator does not grow with the square of its nodes. */
class ControlPlaneTest {

  private static final int STEPS = 5;

  private static long messages(int nodes) {
    SimCluster cluster = OneLayer.free().assembled(nodes, 4);
    cluster.train(STEPS);
    return cluster.messages();
  }

  @Test
  void messagesOfARunGrowLinearlyWithItsNodes() {
    double few = messages(64);
    double more = messages(256);
    double many = messages(1_024);

    assertThat(more / few).isLessThan(4.4);
    assertThat(many / more).isLessThan(4.4);
  }
}
