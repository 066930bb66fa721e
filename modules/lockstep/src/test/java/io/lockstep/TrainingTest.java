package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.config.Configuration;
import io.lockstep.config.ConfigurationBuilder;
import io.lockstep.config.ConfigurationException;
import io.lockstep.config.OptimizerSettings;
import io.lockstep.config.Slope;
import io.lockstep.kernels.Activation;
import io.lockstep.model.Metrics;
import io.lockstep.model.MetricsLog;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary;
import io.lockstep.model.RunSummary.Status;
import io.lockstep.nn.LayerException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TrainingTest {

  @TempDir Path temp;

  /** Leaves of 4 rows: a worker adds many before it sends. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void customLayersGiveTheSameWeightsWithAnyNumberOfWorkers(int workers) {
    Path folder = temp.resolve("run");
    ConfigurationBuilder custom =
        Configuration.builder()
            .custom(Slope.class, Map.of("first", 0.5))
            .dense(24, Activation.TANH)
            .custom(Slope.class, Map.of())
            .batch(64)
            .microBatches(16)
            .optimizer(OptimizerSettings.Name.ADAM, 0.01)
            .epochs(2);

    RunSummary one = SmallData.training(custom.workers(1).servers(1)).run().summary();
    RunSummary summary =
        SmallData.training(custom.workers(workers).servers(2)).run(folder).summary();

    assertThat(summary.weightsSha256()).isEqualTo(one.weightsSha256());
    assertThat(summary.train().loss()).isLessThan(2);
    assertThat(Model.load(folder).evaluate(SmallData.DIGITS.test())).isEqualTo(one.test());
  }

  @Test
  void aCustomLayerThatFailsEndsTheRunWithItsName() {
    Training training =
        SmallData.training(SmallData.configuration().custom(Slope.class, Map.of("width", 7)));

    assertThatThrownBy(training::run)
        .isInstanceOf(LayerException.class)
        .hasMessage(
            "layer slope1: forward of io.lockstep.config.Slope failed:"
                + " java.lang.IndexOutOfBoundsException: Index 7 out of bounds for length 7");
  }

  @Test
  void tellsListenersInOrderOnTheCallersThread() {
    Thread caller = Thread.currentThread();
    List<String> told = new ArrayList<>();
    Training training =
        SmallData.training(SmallData.configuration().set("train.reportEvery", 3))
            .addListener(
                new TrainingListener() {
                  @Override
                  public void onStart(RunInfo info) {
                    told.add("start of " + info.steps());
                  }

                  @Override
                  public void onStep(StepReport report) {
                    assertThat(Thread.currentThread()).isSameAs(caller);
                    if (report.regular()) {
                      told.add("step " + report.step());
                    }
                  }

                  @Override
                  public void onEpoch(EpochReport report) {
                    assertThat(report.validation()).isNotNull();
                    told.add("epoch " + report.epoch());
                  }

                  @Override
                  public void onEnd(RunSummary summary) {
                    told.add("end after " + summary.steps());
                  }
                });

    training.run();

    assertThat(told)
        .containsExactly(
            "start of 18",
            "step 3",
            "step 6",
            "step 9",
            "epoch 1",
            "step 12",
            "step 15",
            "step 18",
            "epoch 2",
            "end after 18");
  }

  @Test
  void writesTheSameLossesInEachRun() {
    List<Double> first = losses("first", 1);

    assertThat(losses("second", 3)).isEqualTo(first).hasSizeGreaterThan(4);
  }

  private List<Double> losses(String name, int workers) {
    Path folder = temp.resolve(name);
    SmallData.training(SmallData.configuration().workers(workers).set("train.reportEvery", 4))
        .run(folder);
    return MetricsLog.read(RunFolder.open(folder).metricsFile()).stream()
        .filter(Metrics.Scored.class::isInstance)
        .map(line -> ((Metrics.Scored) line).loss())
        .toList();
  }

  @Test
  void stoppedBeforeItRunsItKeepsTheFirstWeights() {
    Training training = SmallData.training(SmallData.configuration());
    training.stop();

    RunSummary summary = training.run().summary();

    assertThat(summary.steps()).isZero();
    assertThat(summary.status()).isEqualTo(Status.STOPPED);
    assertThat(summary.train()).isNull();
    assertThat(summary.test()).isNotNull();
  }

  @Test
  void stoppedWhileItRunsItKeepsWhatWasLearned() {
    Training training = SmallData.training(SmallData.configuration().epochs(100_000));
    training.addListener(
        new TrainingListener() {
          @Override
          public void onEpoch(EpochReport report) {
            training.stop();
          }
        });

    RunSummary summary = training.run(temp.resolve("run")).summary();

    assertThat(summary.status()).isEqualTo(Status.STOPPED);
    assertThat(summary.steps()).isGreaterThanOrEqualTo(9);
    assertThat(Model.load(temp.resolve("run")).evaluate(SmallData.DIGITS.test()))
        .isEqualTo(summary.test());
  }

  @Test
  void aListenerThatFailsStopsTheRunAndLosesNothing() {
    Training training = SmallData.training(SmallData.configuration().epochs(100_000));
    training.addListener(
        new TrainingListener() {
          @Override
          public void onEpoch(EpochReport report) {
            throw new IllegalStateException("no more paper");
          }
        });

    assertThatThrownBy(() -> training.run(temp.resolve("run")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no more paper");

    RunFolder folder = RunFolder.open(temp.resolve("run"));
    assertThat(folder.readSummary().steps()).isPositive();
    assertThat(Model.load(temp.resolve("run")).evaluate(SmallData.DIGITS.test()))
        .isEqualTo(folder.readSummary().test());
  }

  @Test
  void namesStepAndLayerOfADivergence() {
    Training training =
        SmallData.training(
            SmallData.configuration()
                .set("optimizer.name", "sgd")
                .set("optimizer.learningRate", 1e25));

    assertThatThrownBy(() -> training.run(temp.resolve("run")))
        .isInstanceOfSatisfying(
            DivergedException.class,
            diverged -> {
              assertThat(diverged.step()).isPositive();
              assertThat(diverged.layer()).isIn("dense1", "output");
            })
        .hasMessageContaining("optimizer.learningRate");
    assertThat(RunFolder.open(temp.resolve("run")).readSummary().status())
        .isEqualTo(Status.DIVERGED);
  }

  @Test
  void namesIdleWorkers() {
    List<Integer> idle = new ArrayList<>();
    SmallData.training(SmallData.configuration().workers(4))
        .addListener(
            new TrainingListener() {
              @Override
              public void onStart(RunInfo info) {
                idle.addAll(info.idleWorkers());
              }
            })
        .run();

    assertThat(idle).containsExactly(2, 3);
  }

  @Test
  void takesABatchThatIsLargerThanTheData() {
    RunSummary summary =
        SmallData.training(SmallData.configuration().batch(Integer.MAX_VALUE).epochs(3))
            .run()
            .summary();

    assertThat(summary.steps()).isEqualTo(3);
    assertThat(summary.microBatches()).isEqualTo(17);
  }

  @Test
  void refusesANetworkForOtherRows() {
    assertThatThrownBy(
            () -> SmallData.training(SmallData.configuration().set("network.input", 728)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("network.input: expected 784")
        .hasMessageContaining("728");
  }
}
