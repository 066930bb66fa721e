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

  /** From when a node dies until the others have gone on without it. */
  private static long messagesOfALoss(int nodes) {
    SimCluster cluster = OneLayer.free().assembled(nodes, 4);
    cluster.train(STEPS);
    long before = cluster.messages();
    new SimDeaths(cluster).kill(cluster.nodes().getLast(), false);
    cluster.train(2 * STEPS);
    return cluster.messages() - before;
  }

  @Test
  void messagesOfALossGrowLinearlyWithNodes() {
    double few = messagesOfALoss(16);
    double more = messagesOfALoss(64);
    double many = messagesOfALoss(256);

    assertThat(more / few).isLessThan(4.4);
    assertThat(many / more).isLessThan(4.4);
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
