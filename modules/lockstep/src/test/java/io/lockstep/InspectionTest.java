package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InspectionTest {

  private static final int PLACES = 2 * Runtime.getRuntime().availableProcessors();

  private static Inspection of(int workers) {
    return Inspection.of(SmallData.configuration().workers(workers).build(), SmallData.DIGITS);
  }

  @Test
  void workersTakeMemoryAsLongAsTheyComputeAtOnce() {
    Inspection one = of(1);
    Inspection all = of(PLACES);
    Inspection more = of(PLACES + 100);

    assertThat(one.places()).isEqualTo(1);
    assertThat(one.totalBytes())
        .isEqualTo(one.weightsBytes() + one.stateBytes() + one.placeBytes());
    assertThat(all.places()).isEqualTo(PLACES);
    assertThat(all.totalBytes()).isEqualTo(one.totalBytes() + (PLACES - 1) * one.placeBytes());
    assertThat(more.workers()).isEqualTo(PLACES + 100);
    assertThat(more.places()).isEqualTo(PLACES);
    assertThat(more.totalBytes()).isEqualTo(all.totalBytes());
  }
}
