package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AwaitedChangeTest {

  @Test
  void whoJoinsIsWaitedForWhateverElseChanges() {
    AwaitedChange joins = new AwaitedChange("worker-2", true);

    assertThat(joins.isDoneBy(List.of("worker-0"))).as("worker-1 died").isFalse();
    assertThat(joins.isDoneBy(List.of("worker-0", "worker-2"))).isTrue();
  }

  @Test
  void whoLeavesIsWaitedForWhateverElseChanges() {
    AwaitedChange leaves = new AwaitedChange("worker-1", false);

    assertThat(leaves.isDoneBy(List.of("worker-1"))).as("worker-0 died").isFalse();
    assertThat(leaves.isDoneBy(List.of("worker-0"))).isTrue();
  }
}
