package io.lockstep.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.Sampler;
import org.junit.jupiter.api.Test;

class EpochsTest {

  @Test
  void endWithTheLastStepOfEachPassOverTheRows() {
    Epochs epochs = new Epochs(new Sampler(1, 1000, 128), 2, 0);

    assertThat(epochs.steps()).isEqualTo(16);
    assertThat(epochs.endsEpoch(6)).isFalse();
    assertThat(epochs.endsEpoch(7)).isTrue();
    assertThat(epochs.endsEpoch(8)).isFalse();
    assertThat(epochs.endsEpoch(15)).isTrue();
  }

  @Test
  void stopAtTheMostSteps() {
    Epochs epochs = new Epochs(new Sampler(1, 1000, 128), 2, 10);

    assertThat(epochs.steps()).isEqualTo(10);
    assertThat(epochs.endsEpoch(9)).isTrue();
  }

  @Test
  void refuseToBeNone() {
    assertThatThrownBy(() -> new Epochs(new Sampler(1, 1000, 128), 0, 0))
        .hasMessage("train.epochs: expected at least 1, found 0");
  }
}
