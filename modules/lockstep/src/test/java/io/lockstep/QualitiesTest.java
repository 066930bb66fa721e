package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.data.Dataset;
import io.lockstep.data.Partition;
import io.lockstep.model.Calibration;
import io.lockstep.model.Calibration.Bin;
import io.lockstep.model.Quality;
import io.lockstep.nn.Bernoulli;
import io.lockstep.nn.Categorical;
import io.lockstep.nn.Gaussian;
import io.lockstep.nn.OneHotSquaredError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against R: {@code glm/summaries.R} made the files. */
class QualitiesTest {

  private static List<String[]> cells(String resource, String separator) throws IOException {
    try (InputStream in = QualitiesTest.class.getResourceAsStream("glm/" + resource)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().map(line -> line.strip().split(separator)).toList();
    }
  }

  private static float[] column(List<String[]> rows, int column) {
    float[] values = new float[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.parseFloat(rows.get(i)[column]);
    }
    return values;
  }

  private static Partition rows(float[] targets) {
    return Partition.all(
        Dataset.ofFloats("rows", targets.length, 1, new float[targets.length], targets, 1));
  }

  private static float[] response(String name) throws IOException {
    List<String[]> csv = cells("rows.csv", ",");
    return column(csv.subList(1, csv.size()), List.of(csv.getFirst()).indexOf(name));
  }

  private static double[] expected(int line) throws IOException {
    String[] cells = cells("qualities.txt", " +").get(line);
    double[] numbers = new double[cells.length - 1];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Double.parseDouble(cells[i + 1]);
    }
    return numbers;
  }

  @Test
  void twoClassesAsInR() throws IOException {
    float[] yes = response("yes");
    float[] p = column(cells("predictions.txt", " "), 0);
    double[] r = expected(0);
    Quality quality = Qualities.of(new Bernoulli(), rows(yes), p);
    assertThat(quality.auc()).isCloseTo(r[0], within(1e-12));
    assertThat(quality.brier()).isCloseTo(r[1], within(1e-7));
    assertThat(quality.confusion())
        .isEqualTo(List.of(List.of((long) r[2], (long) r[3]), List.of((long) r[4], (long) r[5])));
    assertThat(quality.precision().get(1)).isCloseTo(r[5] / (r[3] + r[5]), within(1e-12));
    assertThat(quality.recall().get(1)).isCloseTo(r[5] / (r[4] + r[5]), within(1e-12));
    assertThat(quality.rmse()).isNull();
  }

  @Test
  void calibrationAsInR() throws IOException {
    float[] p = column(cells("predictions.txt", " "), 0);
    for (int row = 0; row < p.length; row++) {
      p[row] -= 0.004f;
    }
    Calibration calibration = Qualities.of(new Bernoulli(), rows(response("yes")), p).calibration();
    List<String[]> r = cells("calibration.txt", " +");
    assertThat(calibration.of()).isEqualTo("1");
    assertThat(calibration.expectedError())
        .isCloseTo(Double.parseDouble(r.getFirst()[1]), within(1e-6));
    assertThat(calibration.bins()).hasSize(r.size() - 1);
    for (int i = 0; i < r.size() - 1; i++) {
      Bin bin = calibration.bins().get(i);
      String[] cells = r.get(i + 1);
      assertThat(bin.low()).isEqualTo(i / 10.0);
      assertThat(bin.rows()).as("bin %d", i).isEqualTo(Long.parseLong(cells[0]));
      if (bin.rows() == 0) {
        assertThat(bin.predicted()).isNull();
        assertThat(bin.observed()).isNull();
      } else {
        assertThat(bin.predicted()).isCloseTo(Double.parseDouble(cells[1]), within(1e-6));
        assertThat(bin.observed()).isCloseTo(Double.parseDouble(cells[2]), within(1e-12));
      }
    }
  }

  @Test
  void ofMoreClassesTheProbabilityOfThePredictedOneIsCalibrated() {
    Partition rows =
        Partition.all(Dataset.ofFloats("rows", 4, 1, new float[4], new int[] {0, 1, 1, 2}, 3));
    float[] p = {1, 0, 0, .125f, .75f, .125f, .75f, .25f, 0, .25f, .25f, .5f};
    Calibration calibration = Qualities.of(new Categorical(), rows, p).calibration();
    assertThat(calibration.of()).isNull();
    assertThat(calibration.bins().get(9)).isEqualTo(new Bin(0.9, 1, 1, 1.0, 1.0));
    assertThat(calibration.bins().get(7)).isEqualTo(new Bin(0.7, 0.8, 2, 0.75, 0.5));
    assertThat(calibration.bins().get(5)).isEqualTo(new Bin(0.5, 0.6, 1, 0.5, 1.0));
    assertThat(calibration.expectedError()).isEqualTo((2 * 0.25 + 0.5) / 4);
  }

  @Test
  void numbersAsInR() throws IOException {
    double[] r = expected(1);
    Quality quality =
        Qualities.of(
            new Gaussian(), rows(response("number")), column(cells("predictions.txt", " "), 1));
    assertThat(quality.rmse()).isCloseTo(r[0], within(1e-4));
    assertThat(quality.mae()).isCloseTo(r[1], within(1e-4));
    assertThat(quality.rSquared()).isCloseTo(r[2], within(1e-6));
    assertThat(quality.confusion()).isNull();
    assertThat(quality.calibration()).isNull();
  }

  @Test
  void classesThatAreNotThereHaveNeitherPrecisionNorRecall() {
    Partition rows =
        Partition.all(Dataset.ofFloats("rows", 3, 1, new float[3], new int[] {0, 0, 1}, 3));
    float[] p = {.8f, .1f, .1f, .2f, .7f, .1f, .1f, .8f, .1f};
    Quality quality = Qualities.of(new Categorical(), rows, p);
    assertThat(quality.confusion())
        .containsExactly(List.of(1L, 1L, 0L), List.of(0L, 1L, 0L), List.of(0L, 0L, 0L));
    assertThat(quality.precision()).containsExactly(1.0, 0.5, null);
    assertThat(quality.recall()).containsExactly(0.5, 1.0, null);
  }

  @Test
  void outputsThatAreNoProbabilitiesHaveNeitherAucNorBrierScore() {
    Partition rows =
        Partition.all(Dataset.ofFloats("rows", 3, 1, new float[3], new int[] {0, 0, 1}, 2));
    float[] outputs = {.5f, .25f, .25f, .75f, .5f, .75f};
    Quality quality = Qualities.of(new OneHotSquaredError(), rows, outputs);
    assertThat(quality.auc()).isNull();
    assertThat(quality.brier()).isNull();
    assertThat(quality.confusion()).containsExactly(List.of(1L, 1L), List.of(0L, 1L));
    assertThat(Qualities.of(new Categorical(), rows, outputs).auc()).isNotNull();
  }

  @Test
  void thereIsNoneOfNoRowsAndOfMeansThatAreNotFinite() {
    Partition one = rows(new float[] {1});
    assertThat(Qualities.of(new Gaussian(), one, new float[] {Float.NaN})).isNull();
    assertThat(Qualities.of(new Gaussian(), Partition.range(one.data(), 0, 0), new float[0]))
        .isNull();
    assertThat(Qualities.of(new Gaussian(), one, new float[] {2}).rSquared()).isNull();
  }
}
