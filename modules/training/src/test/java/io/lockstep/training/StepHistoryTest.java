package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StepHistoryTest {

  private final StepHistory history = new StepHistory();

  private static StepSums sums(long step) {
    return new StepSums(1, (double) step, 2, 3 * step);
  }

  private void add(long from, long to) {
    for (long step = from; step < to; step++) {
      history.add(step, 1, (double) step, 2, 3 * step);
    }
  }

  @Test
  void keepsStepsFromTheFirstThatIsAskedFor() {
    assertThat(history.from(0)).isEmpty();

    add(5, 1_005);

    assertThat(history.first(0)).isEqualTo(5);
    assertThat(history.from(0)).hasSize(1_000).startsWith(sums(5)).endsWith(sums(1_004));
    assertThat(history.first(1_003)).isEqualTo(1_003);
    assertThat(history.from(1_003)).isEqualTo(List.of(sums(1_003), sums(1_004)));
    assertThat(history.from(2_000)).isEmpty();
  }

  @Test
  void forgetsTheOldest() {
    add(0, StepHistory.MOST + 3);

    assertThat(history.first(0)).isEqualTo(3);
    assertThat(history.from(0)).hasSize(StepHistory.MOST).startsWith(sums(3));
  }
}
