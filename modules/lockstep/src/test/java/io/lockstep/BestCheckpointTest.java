package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.model.checkpoint.Progress;
import org.junit.jupiter.api.Test;

class BestCheckpointTest {

  private final BestCheckpoint best = new BestCheckpoint(new Progress.Best(10, 0.5));

  @Test
  void isTheOneWithTheLeastLossWhicheverIsKnownFirst() {
    best.validated(20, 0.4);
    best.written(20);
    assertThat(best.best()).isEqualTo(new Progress.Best(20, 0.4));

    best.written(30);
    best.validated(30, 0.3);
    assertThat(best.best()).isEqualTo(new Progress.Best(30, 0.3));

    best.written(40);
    best.validated(40, 0.35);
    assertThat(best.best()).isEqualTo(new Progress.Best(30, 0.3));
  }

  @Test
  void isNoneThatCouldNotBeWritten() {
    best.validated(20, 0.1);
    best.validated(30, 0.4);
    best.written(30);

    assertThat(best.best()).isEqualTo(new Progress.Best(30, 0.4));
  }

  @Test
  void isNoneWhoseLossIsNotANumber() {
    best.written(20);
    best.validated(20, Double.NaN);

    assertThat(best.best()).isEqualTo(new Progress.Best(10, 0.5));
  }
}
