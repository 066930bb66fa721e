package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsLogTest {

  private static final Metrics STEP = new Metrics.Step(50, 1, 0.5, 0.75, 0.001, 20_000, 0.25);
  private static final Metrics EPOCH = new Metrics.Epoch(60, 1, 0.25, null, 0.001, 20_000, 0.5);
  private static final Metrics EVALUATION =
      new Metrics.Evaluation("validation", 60, 1, Double.NaN, 0.5, 12.5, -6.25, 0.75);

  private static final Metrics TIMES =
      new Metrics.Times(60, 1, 8, new StepParts(4, 0.5, 0.25, 1, 0.75), 0.8);

  @TempDir Path folder;

  @Test
  void writesOneObjectALine() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    try (MetricsLog log = MetricsLog.open(file)) {
      log.write(STEP);
      log.write(EPOCH);
      log.write(EVALUATION);
      log.write(TIMES);
    }

    assertThat(Files.readAllLines(file))
        .containsExactly(
            "{\"event\":\"step\",\"step\":50,\"epoch\":1,\"loss\":0.5,\"accuracy\":0.75,"
                + "\"learningRate\":0.001,\"samplesPerSecond\":20000.0,\"seconds\":0.25}",
            "{\"event\":\"epoch\",\"step\":60,\"epoch\":1,\"loss\":0.25,"
                + "\"learningRate\":0.001,\"samplesPerSecond\":20000.0,\"seconds\":0.5}",
            "{\"event\":\"evaluation\",\"partition\":\"validation\",\"step\":60,\"epoch\":1,"
                + "\"loss\":\"NaN\",\"accuracy\":0.5,\"deviance\":12.5,\"logLikelihood\":-6.25,"
                + "\"seconds\":0.75}",
            "{\"event\":\"times\",\"step\":60,\"epoch\":1,\"steps\":8,\"compute\":4.0,\"give\":0.5,"
                + "\"aggregation\":0.25,\"exposed\":1.0,\"slowest\":0.75,\"seconds\":0.8}");
    assertThat(MetricsLog.read(file)).containsExactly(STEP, EPOCH, EVALUATION, TIMES);
  }

  @Test
  void isOnDiskAfterEachEpochAndGoesOnAtTheEnd() {
    Path file = folder.resolve("metrics.jsonl");
    MetricsLog log = MetricsLog.open(file);
    log.write(STEP);
    log.write(EPOCH);
    assertThat(MetricsLog.read(file)).containsExactly(STEP, EPOCH);
    log.close();
    log.close();

    try (MetricsLog again = MetricsLog.open(file)) {
      again.write(EVALUATION);
    }
    assertThat(MetricsLog.read(file)).containsExactly(STEP, EPOCH, EVALUATION);
  }

  @Test
  void isValidUpToTheLastWholeLineAfterACrash() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    try (MetricsLog log = MetricsLog.open(file)) {
      log.write(STEP);
    }
    Files.writeString(file, "{\"event\":\"st", StandardOpenOption.APPEND);

    assertThat(MetricsLog.read(file)).containsExactly(STEP);
  }

  @Test
  void ignoresLaterFieldsAndNamesABadLine() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    Files.writeString(file, STEP.toJson().replaceFirst("\\{", "{\"later\":1,") + "\n");
    assertThat(MetricsLog.read(file)).containsExactly(STEP);

    Files.writeString(file, "nonsense\n", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> MetricsLog.read(file))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(
            file + ":2: expected a JSON object with the event step, epoch, evaluation or times: ");
  }

  @Test
  void skipsEventsOfALaterVersion() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    Files.writeString(file, "{\"event\":\"later\",\"step\":1}\n" + STEP.toJson() + "\n");

    assertThat(MetricsLog.read(file)).containsExactly(STEP);
    assertThat(new MetricsFollower(file).more()).containsExactly(STEP);
  }

  @Test
  void namesTheFileThatCannotBeOpened() {
    Path file = folder.resolve("missing").resolve("metrics.jsonl");

    assertThatThrownBy(() -> MetricsLog.open(file))
        .isInstanceOf(ModelException.class)
        .hasMessage(file + ": cannot be written: no such file or folder: " + file);
    assertThatThrownBy(() -> MetricsLog.read(file))
        .hasMessage(file + ": cannot be read: no such file or folder: " + file);
  }
}
