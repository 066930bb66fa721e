package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {

  @Test
  void knowsTheFirstWorkerOfEachNodeInWhateverOrderTheyAre() {
    Plan plan =
        new Plan(1, List.of(new Plan.Share(7, 2), new Plan.Share(3, 1), new Plan.Share(900, 4)));

    assertThat(plan.positionOf(7)).isZero();
    assertThat(plan.positionOf(3)).isEqualTo(1);
    assertThat(plan.positionOf(900)).isEqualTo(2);
    assertThat(plan.firstWorker(0)).isZero();
    assertThat(plan.firstWorker(1)).isEqualTo(2);
    assertThat(plan.firstWorker(2)).isEqualTo(3);
    assertThat(plan.workers()).isEqualTo(7);
  }

  @Test
  void hasNoPositionForNodesThatDoNotCompute() {
    Plan plan = new Plan(1, List.of(new Plan.Share(7, 2), new Plan.Share(3, 1)));

    for (int node : new int[] {Integer.MIN_VALUE, -1, 0, 2, 4, 6, 8, Integer.MAX_VALUE}) {
      assertThat(plan.positionOf(node)).isEqualTo(-1);
    }
  }

  /** As a scan of its shares finds them. */
  @Test
  void findsEachOfManyNodes() {
    List<Plan.Share> shares = new ArrayList<>();
    for (int i = 0; i < 1_024; i++) {
      shares.add(new Plan.Share(i * 389 % 1_021 * 2 + i / 1_021, 1 + i % 3));
    }
    Plan plan = new Plan(1, shares);
    int workers = 0;
    for (int i = 0; i < shares.size(); i++) {
      assertThat(plan.positionOf(shares.get(i).node())).isEqualTo(i);
      assertThat(plan.firstWorker(i)).isEqualTo(workers);
      workers += shares.get(i).slots();
    }
    assertThat(plan.workers()).isEqualTo(workers);
  }

  @Test
  void refusesNodesWithoutWorkers() {
    assertThatThrownBy(() -> new Plan(1, List.of(new Plan.Share(1, 0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("plan: expected a number, workers and a speed from 1 on");
  }
}
