package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.config.ConfigurationBuilder;
import io.lockstep.kernels.Activation;
import io.lockstep.model.Metrics;
import io.lockstep.model.MetricsLog;
import io.lockstep.model.ModelException;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary;
import io.lockstep.model.RunSummary.Event;
import io.lockstep.model.RunSummary.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run of 18 steps in two epochs that is broken off, and goes on as if it never had been. */
class ResumeTest {

  private static final int STEPS = 18;

  @TempDir static Path runs;
  private static RunSummary reference;
  private static List<Metrics> referenceMetrics;

  @TempDir Path temp;

  @BeforeAll
  static void trainWithoutABreak() {
    Path folder = runs.resolve("reference");
    reference = SmallData.training(configuration()).run(folder).summary();
    referenceMetrics = metrics(folder);
    assertThat(reference.steps()).isEqualTo(STEPS);
  }

  private static ConfigurationBuilder configuration() {
    return SmallData.configuration()
        .workers(1)
        .dropout(0.2)
        .dense(20, Activation.TANH)
        .set("cluster.bucketBytes", 16384)
        .set("train.reportEvery", 4);
  }

  /** Without what depends on the clock. */
  private static List<Metrics> metrics(Path folder) {
    return MetricsLog.read(RunFolder.open(folder).metricsFile()).stream()
        .filter(Metrics.Scored.class::isInstance)
        .<Metrics>map(
            line ->
                switch ((Metrics.Scored) line) {
                  case Metrics.Step s ->
                      new Metrics.Step(
                          s.step(), s.epoch(), s.loss(), s.accuracy(), s.learningRate(), 0, 0);
                  case Metrics.Epoch e ->
                      new Metrics.Epoch(
                          e.step(), e.epoch(), e.loss(), e.accuracy(), e.learningRate(), 0, 0);
                  case Metrics.Evaluation e ->
                      new Metrics.Evaluation(
                          e.partition(),
                          e.step(),
                          e.epoch(),
                          e.loss(),
                          e.accuracy(),
                          e.deviance(),
                          e.logLikelihood(),
                          0);
                })
        .toList();
  }

  private static void stopAt(long step, Training training, Path folder) {
    training.addListener(
        new TrainingListener() {
          @Override
          public void onStart(RunInfo run) {
            training.hold(step);
          }

          @Override
          public void onHeld(long version) {
            training.stop();
          }
        });
    RunSummary stopped = training.run(folder).summary();
    assertThat(stopped.status()).isEqualTo(Status.STOPPED);
    assertThat(stopped.steps()).isEqualTo(step);
  }

  private static Training resuming(ConfigurationBuilder configuration, Path folder) {
    return SmallData.training(configuration).resume(folder);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17})
  void goesOnFromAnyStepOntoMoreWorkersAndServers(int step) {
    Path folder = temp.resolve("run");
    stopAt(step, SmallData.training(configuration()), folder);

    RunSummary resumed =
        resuming(configuration().workers(3).servers(2), folder).run(folder).summary();

    assertThat(resumed.status()).isEqualTo(Status.FINISHED);
    assertThat(resumed.weightsSha256()).isEqualTo(reference.weightsSha256());
    assertThat(resumed.train()).isEqualTo(reference.train());
    assertThat(resumed.validation()).isEqualTo(reference.validation());
    assertThat(resumed.test()).isEqualTo(reference.test());
    assertThat(resumed.events())
        .containsExactly(new Event("resumed", step, "", "workers 3, servers 2"));
    assertThat(metrics(folder)).isEqualTo(referenceMetrics);
  }

  @Test
  void goesOnOverSocketsAndTwiceInARow() {
    Path folder = temp.resolve("run");
    stopAt(4, SmallData.training(configuration().workers(2).servers(2)).overSockets(), folder);
    stopAt(13, resuming(configuration().servers(3), folder).overSockets(), folder);

    RunSummary resumed =
        resuming(configuration().workers(3), folder).overSockets().run(folder).summary();

    assertThat(resumed.weightsSha256()).isEqualTo(reference.weightsSha256());
    assertThat(metrics(folder)).isEqualTo(referenceMetrics);
    assertThat(resumed.events()).extracting(Event::step).containsExactly(4L, 13L);
  }

  private ConfigurationBuilder copied() {
    return configuration().set("checkpoint.dir", temp.resolve("copies").toString());
  }

  @Test
  void goesOnFromTheCopyWhenTheFolderOfTheRunIsGone() throws IOException {
    Path folder = temp.resolve("run");
    Path copy = temp.resolve("copies/run");
    stopAt(7, SmallData.training(copied()), folder);
    stopAt(13, resuming(copied(), folder), folder);
    Files.move(folder, temp.resolve("gone"));

    RunSummary resumed = resuming(copied().workers(3).servers(2), copy).run(copy).summary();

    assertThat(resumed.status()).isEqualTo(Status.FINISHED);
    assertThat(resumed.weightsSha256()).isEqualTo(reference.weightsSha256());
    assertThat(metrics(copy)).isEqualTo(referenceMetrics);
    assertThat(resumed.events()).extracting(Event::step).containsExactly(7L, 13L);
  }

  @Test
  void refusesToCopyInPlaceOfAnotherRun() throws IOException {
    stopAt(7, SmallData.training(copied()), temp.resolve("run"));
    Files.move(temp.resolve("run"), temp.resolve("other"));

    assertThatThrownBy(() -> SmallData.training(copied()).run(temp.resolve("run")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(temp.resolve("copies/run") + ": expected an empty or new folder");
  }

  @Test
  void goesOnWithoutACopyThatCannotBeWritten() throws IOException {
    Path folder = temp.resolve("run");
    stopAt(7, SmallData.training(copied()), folder);
    Path checkpoints = temp.resolve("copies/run/checkpoints");
    Files.move(checkpoints, temp.resolve("checkpoints"));
    Files.writeString(checkpoints, "a file in place of the folder");

    RunSummary resumed = resuming(copied(), folder).run(folder).summary();

    assertThat(resumed.weightsSha256()).isEqualTo(reference.weightsSha256());
    assertThat(resumed.events()).extracting(Event::what).contains("resumed", "unsaved");
    assertThat(RunFolder.open(folder).checkpoints().versions()).contains((long) STEPS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd", "momentum", "nesterov", "rmsprop", "adamw"})
  void goesOnWithTheStateOfAnyOptimizer(String optimizer) {
    String expected =
        SmallData.training(configuration().set("optimizer.name", optimizer))
            .run()
            .summary()
            .weightsSha256();
    Path folder = temp.resolve("run");
    stopAt(5, SmallData.training(configuration().set("optimizer.name", optimizer)), folder);

    assertThat(
            resuming(configuration().set("optimizer.name", optimizer), folder)
                .run(folder)
                .summary()
                .weightsSha256())
        .isEqualTo(expected);
  }

  @Test
  void keepsTheLastCheckpointsAndTheBest() {
    Path folder = temp.resolve("run");

    SmallData.training(configuration().epochs(6).set("checkpoint.keepLast", 2)).run(folder);

    List<Long> versions = RunFolder.open(folder).checkpoints().versions();
    List<Metrics.Evaluation> validations =
        MetricsLog.read(RunFolder.open(folder).metricsFile()).stream()
            .filter(line -> line instanceof Metrics.Evaluation e && !e.partition().equals("test"))
            .map(Metrics.Evaluation.class::cast)
            .toList();
    assertThat(versions).hasSizeBetween(2, 3).contains(54L);
    assertThat(validations).hasSize(6);
  }

  @Test
  void aRunWhoseTimeIsOverStops() {
    Training training =
        SmallData.training(configuration().epochs(200_000).set("train.maxTime", "1s"));

    RunSummary stopped = training.run(temp.resolve("run")).summary();

    assertThat(stopped.status()).isEqualTo(Status.STOPPED);
    assertThat(training.timeIsOver()).isTrue();
  }

  @Test
  void aFinishedRunHasNothingToGoOnWith() {
    assertThatThrownBy(() -> resuming(configuration(), runs.resolve("reference")))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            runs.resolve("reference") + ": the run is finished; there is nothing to go on with");
  }

  @Test
  void aRunThatLacksOnlyItsEndGetsIt() throws IOException {
    Path folder = temp.resolve("run");
    SmallData.training(configuration()).run(folder);
    Files.delete(RunFolder.open(folder).summaryFile());
    Files.delete(RunFolder.open(folder).weightsFile());

    RunSummary resumed = resuming(configuration(), folder).run(folder).summary();

    assertThat(resumed.weightsSha256()).isEqualTo(reference.weightsSha256());
    assertThat(resumed.status()).isEqualTo(Status.FINISHED);
    assertThat(metrics(folder)).isEqualTo(referenceMetrics);
  }

  @Test
  void anotherConfigurationIsRefusedWithTheDifference() {
    Path folder = temp.resolve("run");
    stopAt(3, SmallData.training(configuration()), folder);

    assertThatThrownBy(() -> resuming(configuration().batch(32).seed(2), folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("checkpoints/step-0000000003")
        .hasMessageContaining("train.batch was 64 and is now 32")
        .hasMessageContaining("train.seed was 1 and is now 2");
    resuming(configuration().workers(4).set("checkpoint.everySteps", 7), folder);
  }

  @Test
  void aDamagedCheckpointIsReportedAndTheOneBeforeUsed() throws IOException {
    Path folder = temp.resolve("run");
    stopAt(5, SmallData.training(configuration()), folder);
    stopAt(11, resuming(configuration(), folder), folder);
    Path damaged = folder.resolve("checkpoints/step-0000000011/weights.safetensors");
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[bytes.length / 2] ^= 1;
    Files.write(damaged, bytes);

    RunSummary resumed = resuming(configuration(), folder).run(folder).summary();

    assertThat(resumed.weightsSha256()).isEqualTo(reference.weightsSha256());
    Event event = resumed.events().get(resumed.events().size() - 2);
    assertThat(event.what()).isEqualTo("damaged");
    assertThat(event.detail()).startsWith(damaged + ": damaged: expected checksum ");
    assertThat(resumed.events().getLast().what()).isEqualTo("resumed");
  }

  @Test
  void aRunThatIsStillGoingOnIsNotGoneOnWith() {
    Path folder = temp.resolve("run");
    Training first = SmallData.training(configuration());
    first.addListener(
        new TrainingListener() {
          @Override
          public void onStart(RunInfo run) {
            assertThatThrownBy(() -> resuming(configuration(), folder))
                .isInstanceOf(ModelException.class)
                .hasMessage(
                    folder
                        + ": the run is still going on, in another training of this process;"
                        + " end that first");
          }
        });
    stopAt(4, first, folder);

    Training second = resuming(configuration(), folder);
    resuming(configuration(), folder).run(folder);

    assertThatThrownBy(() -> second.run(folder)).hasMessageContaining("the run is finished");
  }

  @Test
  void aRunWithoutACheckpointSaysSo() throws IOException {
    Path folder = temp.resolve("run");
    RunFolder.create(folder, configuration().build().toHocon());

    assertThatThrownBy(() -> resuming(configuration(), folder))
        .isInstanceOf(ModelException.class)
        .hasMessage(folder + ": expected a checkpoint to go on from: it has none, start it anew");
  }
}
