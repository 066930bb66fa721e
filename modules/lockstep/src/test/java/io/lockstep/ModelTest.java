package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.lockstep.data.Dataset;
import io.lockstep.data.Partition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ModelTest {

  @Test
  void predictsTheSameFromManyThreads() throws Exception {
    Model model = SmallData.training(SmallData.configuration()).run().model();
    Dataset rows = SmallData.DIGITS.test().data();
    float[] expected = model.predict(rows);
    List<Future<float[]>> predictions = new ArrayList<>();

    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 32; i++) {
        predictions.add(threads.submit(() -> model.predict(rows)));
      }
      for (Future<float[]> prediction : predictions) {
        assertThat(prediction.get(60, TimeUnit.SECONDS)).isEqualTo(expected);
      }
    }
  }

  @Test
  void predictsARowAloneAsAmongOthers() {
    Model model = SmallData.training(SmallData.configuration()).run().model();
    Dataset rows = SmallData.DIGITS.test().data();
    float[] all = model.predict(rows);
    float[] row = new float[784];
    for (int column = 0; column < row.length; column++) {
      row[column] = rows.feature(123, column);
    }

    float[] alone = model.predict(row);

    for (int c = 0; c < 10; c++) {
      assertThat(alone[c]).isEqualTo(all[123 * 10 + c]);
    }
  }

  @Test
  void tellsWhatEachLayerYields() {
    Model model = SmallData.training(SmallData.configuration()).run().model();
    Dataset rows = SmallData.DIGITS.test().data();
    List<float[]> layers = model.activations(rows, 123);
    float[] weights = model.parameter("dense1.W");
    float[] bias = model.parameter("dense1.b");
    for (int unit = 0; unit < 24; unit++) {
      double sum = bias[unit];
      for (int pixel = 0; pixel < 784; pixel++) {
        sum += rows.feature(123, pixel) / 255.0 * weights[pixel * 24 + unit];
      }
      assertThat(layers.getFirst()[unit]).isCloseTo((float) Math.max(0, sum), offset(1e-4f));
    }
    float[] all = model.predict(rows);
    for (int c = 0; c < 10; c++) {
      assertThat(layers.getLast()[c]).isEqualTo(all[123 * 10 + c]);
    }
  }

  @Test
  void tellsHowActiveUnitsAreOverTheRowsOfAPartition() {
    Model model = SmallData.training(SmallData.configuration()).run().model();
    Dataset rows = SmallData.DIGITS.test().data();
    Partition some = Partition.of(rows, new int[] {5, 199, 7});
    double[] activity = model.activity(some, 0);
    for (int unit = 0; unit < 24; unit++) {
      double sum = 0;
      for (int row : new int[] {5, 199, 7}) {
        sum += model.activations(rows, row).getFirst()[unit];
      }
      assertThat(activity[unit]).isCloseTo(sum / 3, offset(1e-5));
    }
    float[] means = model.predict(some);
    float[] all = model.predict(rows);
    assertThat(means[10]).isEqualTo(all[1990]);
  }

  @Test
  void refusesARowOfAnotherWidth() {
    Model model = SmallData.training(SmallData.configuration().epochs(1)).run().model();

    assertThatThrownBy(() -> model.predict(new float[3]))
        .hasMessage("row: expected 784 numbers (the inputs of the network) but found 3");
  }
}
