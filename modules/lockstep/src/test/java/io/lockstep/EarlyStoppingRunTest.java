package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.config.ConfigurationBuilder;
import io.lockstep.config.ConfigurationException;
import io.lockstep.data.DigitsSource;
import io.lockstep.data.Partitions;
import io.lockstep.data.Scaling;
import io.lockstep.data.Split;
import io.lockstep.data.TrainTest;
import io.lockstep.kernels.Activation;
import io.lockstep.model.Metrics;
import io.lockstep.model.MetricsLog;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary;
import io.lockstep.model.RunSummary.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs whose validations end them, and whose result is their best epoch. */
class EarlyStoppingRunTest {

  private static final int EPOCHS = 40;
  private static final int STEPS_PER_EPOCH = 9;
  private static final int PATIENCE = 2;

  /** Epochs from 1, as a run without early stopping has them. */
  private static int bestEpoch;

  private static int lastEpoch;
  private static RunSummary last;
  private static RunSummary best;

  @TempDir Path temp;

  private static ConfigurationBuilder configuration() {
    return SmallData.configuration()
        .workers(1)
        .epochs(EPOCHS)
        .dropout(0.2)
        .dense(20, Activation.TANH)
        .set("optimizer.learningRate", 0.02)
        .set("cluster.bucketBytes", 16384);
  }

  private static ConfigurationBuilder stopping() {
    return configuration()
        .set("train.earlyStopping.patience", PATIENCE)
        .set("train.restoreBest", true);
  }

  /** What the rule says, found by hand from the losses of a run that knows no such rule. */
  @BeforeAll
  static void findTheEnd() {
    List<Double> losses = new ArrayList<>();
    Training free = SmallData.training(configuration());
    free.addListener(
        new TrainingListener() {
          @Override
          public void onEpoch(EpochReport epoch) {
            losses.add(epoch.validation().loss());
          }
        });
    free.run();
    while (lastEpoch == 0 || lastEpoch - bestEpoch < PATIENCE) {
      lastEpoch++;
      if (bestEpoch == 0 || losses.get(lastEpoch - 1) < losses.get(bestEpoch - 1)) {
        bestEpoch = lastEpoch;
      }
    }
    assertThat(bestEpoch).isBetween(2, EPOCHS - PATIENCE - 1);
    last = SmallData.training(configuration().epochs(lastEpoch)).run().summary();
    best = SmallData.training(configuration().epochs(bestEpoch)).run().summary();
  }

  private static void requireBest(RunSummary summary) {
    assertThat(summary.status()).isEqualTo(Status.FINISHED);
    assertThat(summary.steps()).isEqualTo(last.steps());
    assertThat(summary.epochs()).isEqualTo(lastEpoch);
    assertThat(summary.weightsEpoch()).isEqualTo(bestEpoch);
    assertThat(summary.weightsSha256()).isEqualTo(best.weightsSha256());
    assertThat(summary.validation()).isEqualTo(best.validation());
    assertThat(summary.test()).isEqualTo(best.test());
    assertThat(summary.message())
        .startsWith("stopped early, after epoch %d of %d: ".formatted(lastEpoch, EPOCHS))
        .contains("has not improved for 2 epochs")
        .endsWith("; the weights are the best, those of epoch " + bestEpoch);
    assertThat(summary.events())
        .filteredOn(event -> event.what().equals("stopped"))
        .singleElement()
        .satisfies(event -> assertThat(event.step()).isEqualTo(last.steps()));
  }

  @ParameterizedTest
  @CsvSource({"1,1,false", "2,3,false", "4,2,false", "2,2,true"})
  void theBestWeightsAreTheSameWithAnyWorkersAndServers(
      int workers, int servers, boolean overSockets) {
    Training training = SmallData.training(stopping().workers(workers).servers(servers));
    if (overSockets) {
      training.overSockets();
    }

    TrainedModel trained = training.run();

    requireBest(trained.summary());
    assertThat(trained.model().evaluate(SmallData.DIGITS.test())).isEqualTo(best.test());
  }

  @Test
  void aKeptRunHasTheBestWeightsInItsFolder() {
    Path folder = temp.resolve("run");

    requireBest(SmallData.training(stopping()).run(folder).summary());

    assertThat(Model.load(folder).evaluate(SmallData.DIGITS.test())).isEqualTo(best.test());
    Metrics.Evaluation test =
        (Metrics.Evaluation) MetricsLog.read(RunFolder.open(folder).metricsFile()).getLast();
    assertThat(test.partition()).isEqualTo("test");
    assertThat(test.epoch()).isEqualTo(bestEpoch);
    assertThat(test.loss()).isEqualTo(best.test().loss());
    assertThat(RunFolder.open(folder).checkpoints().versions())
        .contains((long) bestEpoch * STEPS_PER_EPOCH);
  }

  @Test
  void withoutRestoringTheLastWeightsAreTheResult() {
    RunSummary summary =
        SmallData.training(configuration().set("train.earlyStopping.patience", PATIENCE))
            .run()
            .summary();

    assertThat(summary.steps()).isEqualTo(last.steps());
    assertThat(summary.weightsEpoch()).isNull();
    assertThat(summary.weightsSha256()).isEqualTo(last.weightsSha256());
    assertThat(summary.test()).isEqualTo(last.test());
  }

  @Test
  void withoutPatienceAllStepsAreDone() {
    RunSummary summary =
        SmallData.training(configuration().epochs(lastEpoch).set("train.restoreBest", true))
            .run()
            .summary();

    assertThat(summary.steps()).isEqualTo(last.steps());
    assertThat(summary.weightsSha256()).isEqualTo(best.weightsSha256());
    assertThat(summary.message())
        .isEqualTo("the weights are the best, those of epoch " + bestEpoch);
  }

  private void stopAt(long step, Training training, Path folder) {
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

  /** The breaks are so many steps before or after the end of the best epoch. */
  @ParameterizedTest
  @ValueSource(ints = {-4, -1, 0, 1, 9, 10, 17})
  void aRunThatGoesOnStopsAtTheSameEpoch(int after) {
    Path folder = temp.resolve("run");
    stopAt((long) bestEpoch * STEPS_PER_EPOCH + after, SmallData.training(stopping()), folder);

    RunSummary resumed =
        SmallData.training(stopping().workers(2).servers(2)).resume(folder).run(folder).summary();

    requireBest(resumed);
    assertThat(Model.load(folder).evaluate(SmallData.DIGITS.test())).isEqualTo(best.test());
  }

  @Test
  void aRunThatLacksOnlyItsEndStopsThereAgain() throws IOException {
    Path folder = temp.resolve("run");
    SmallData.training(stopping()).run(folder);
    Files.delete(RunFolder.open(folder).summaryFile());
    Files.delete(RunFolder.open(folder).weightsFile());

    requireBest(SmallData.training(stopping()).resume(folder).run(folder).summary());
  }

  @Test
  void aCheckpointWhoseBestIsDamagedIsNotGoneOnFrom() throws IOException {
    Path folder = temp.resolve("run");
    long bestStep = (long) bestEpoch * STEPS_PER_EPOCH;
    stopAt(bestStep + 10, SmallData.training(stopping().set("checkpoint.keepLast", 9)), folder);
    Path damaged = folder.resolve("checkpoints/step-%010d/weights.safetensors".formatted(bestStep));
    Files.write(damaged, new byte[] {1}, StandardOpenOption.APPEND);

    RunSummary resumed = SmallData.training(stopping()).resume(folder).run(folder).summary();

    requireBest(resumed);
    assertThat(resumed.events()).anyMatch(event -> event.detail().contains(damaged.toString()));
  }

  @ParameterizedTest
  @CsvSource({
    "train.earlyStopping.patience,3,0",
    "train.restoreBest,true,false",
  })
  void withoutValidationRowsThereIsNothingToStopBy(String key, String value, String off) {
    TrainTest sets = new DigitsSource(1, 600, 200).load();
    Partitions data = Partitions.of(sets.train(), sets.test(), Split.NONE, Scaling.Kind.UNIT);

    assertThatThrownBy(() -> Training.create(configuration().set(key, value).build(), data))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(
            "%s: expected %s without rows to validate on (see data.validation) but found %s"
                .formatted(key, off, value));
  }
}
