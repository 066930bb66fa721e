package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MicroBatchesTest {

  @Test
  void derivesTheirNumberFromTheBatchAlone() {
    assertThat(MicroBatches.ofBatch(128).count()).isEqualTo(4);
    assertThat(MicroBatches.ofBatch(1).count()).isEqualTo(1);
    assertThat(MicroBatches.ofBatch(33).count()).isEqualTo(2);
  }

  @Test
  void skipsLeavesWithoutRowsInAShortBatch() {
    MicroBatches cut = new MicroBatches(128, 16);

    assertThat(cut.leafRows()).isEqualTo(8);
    assertThat(cut.leaves(128)).isEqualTo(16);
    assertThat(cut.leaves(17)).isEqualTo(3);
    assertThat(cut.leaves(1)).isEqualTo(1);
  }

  @Test
  void skipsLeavesThatRoundingLeavesEmpty() {
    // ⌈10 / 6⌉ = 2 rows a leaf fill only 5 of 6 leaves.
    assertThat(new MicroBatches(10, 6).leaves(10)).isEqualTo(5);
  }

  @Test
  void refusesMoreMicroBatchesThanRows() {
    assertThatThrownBy(() -> new MicroBatches(8, 9))
        .hasMessage("train.microBatches: expected 1 to 8 (train.batch), found 9");
  }
}
