package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.Dataset;
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
  void refusesARowOfAnotherWidth() {
    Model model = SmallData.training(SmallData.configuration().epochs(1)).run().model();

    assertThatThrownBy(() -> model.predict(new float[3]))
        .hasMessage("row: expected 784 numbers (the inputs of the network) but found 3");
  }
}
