package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.it.sample.TrainDigits;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleTest {

  @Test
  void theSampleTrainsAndPredicts(@TempDir Path folder) {
    int blank = TrainDigits.train(folder.resolve("run").toString());

    assertThat(blank).isBetween(0, 9);
    assertThat(folder.resolve("run/run.json")).isRegularFile();
  }
}
