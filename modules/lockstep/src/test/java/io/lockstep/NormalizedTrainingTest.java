package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.config.Configuration;
import io.lockstep.config.ConfigurationBuilder;
import io.lockstep.config.ConfigurationException;
import io.lockstep.config.NetworkSettings.Dense;
import io.lockstep.config.NetworkSettings.LayerNorm;
import io.lockstep.config.TrainSettings;
import io.lockstep.data.Partition;
import io.lockstep.data.Sampler;
import io.lockstep.kernels.Activation;
import io.lockstep.model.RunSummary;
import io.lockstep.nn.Initializer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks with normalization and residual connections. */
@Timeout(60)
class NormalizedTrainingTest {

  @TempDir Path temp;

  private static ConfigurationBuilder normalized() {
    return Configuration.builder()
        .batchNorm(0.8, 1e-3)
        .dense(24, Activation.RELU)
        .batchNorm(0.9, 1e-5)
        .residual(
            List.of(new LayerNorm(1e-5), new Dense(24, Activation.RELU, Initializer.HE_UNIFORM)))
        .set("optimizer.l1", 1e-5)
        .set("optimizer.clipValue", 0.1)
        .batch(64)
        .microBatches(16)
        .epochs(16);
  }

  @ParameterizedTest
  @CsvSource({"3, 1", "2, 3"})
  void normalizedNetworksGiveTheSameWeightsWithAnyNumberOfWorkers(int workers, int servers) {
    Path folder = temp.resolve("run");

    RunSummary one = SmallData.training(normalized().workers(1).servers(1)).run().summary();
    RunSummary summary =
        SmallData.training(
                normalized().workers(workers).servers(servers).set("cluster.bucketBytes", 16384))
            .run(folder)
            .summary();

    assertThat(summary.weightsSha256()).isEqualTo(one.weightsSha256());
    assertThat(summary.test().loss()).isLessThan(1.3);
    assertThat(Model.load(folder).evaluate(SmallData.DIGITS.test())).isEqualTo(one.test());
  }

  /** Of the first layer they are those of the data: so they can be computed here, in double. */
  @Test
  void runningStatisticsAreThoseOfTheRowsWhateverTheOptimizer() {
    Path folder = temp.resolve("run");
    ConfigurationBuilder configuration = normalized().set("optimizer.weightDecay", 0.1);
    SmallData.training(configuration).run(folder);

    float[] mean = Model.load(folder).parameter("batchNorm1.running_mean");

    double[] expected = runningMeans(configuration.build().train());
    for (int column = 0; column < mean.length; column++) {
      assertThat((double) mean[column])
          .as("column %d", column)
          .isCloseTo(expected[column], within(1e-6));
    }
  }

  /** With momentum 0.8, over all steps; inputs are bytes / 255. */
  private static double[] runningMeans(TrainSettings train) {
    Partition rows = SmallData.DIGITS.train();
    Sampler sampler = new Sampler(train.seed(), rows.size(), train.batch());
    double[] running = new double[rows.data().width()];
    int[] positions = new int[train.batch()];
    for (long step = 0; step < train.epochs() * sampler.stepsPerEpoch(); step++) {
      int count = sampler.rowsOf(step);
      sampler.positions(step, 0, count, positions);
      for (int column = 0; column < running.length; column++) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
          sum += rows.data().feature(rows.row(positions[i]), column) / 255;
        }
        running[column] = 0.8 * running[column] + 0.2 * sum / count;
      }
    }
    return running;
  }

  @Test
  void goesOnFromACheckpointToTheSameStatistics() {
    Path folder = temp.resolve("run");
    RunSummary whole = SmallData.training(normalized()).run().summary();
    stopAt(9, SmallData.training(normalized().workers(2)), folder);

    RunSummary resumed =
        SmallData.training(normalized().workers(3)).resume(folder).run(folder).summary();

    assertThat(resumed.weightsSha256()).isEqualTo(whole.weightsSha256());
    assertThat(resumed.test()).isEqualTo(whole.test());
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
    assertThat(training.run(folder).summary().steps()).isEqualTo(step);
  }

  @Test
  void refusesLayersOfAResidualConnectionThatDoNotFit() {
    ConfigurationBuilder wide =
        Configuration.builder()
            .dense(4, Activation.RELU)
            .residual(List.of(new Dense(5, Activation.RELU, Initializer.HE_UNIFORM)));
    assertThatThrownBy(() -> SmallData.training(wide))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "expected 4 columns after the last, as before the first, but found 5");
    assertThatThrownBy(() -> Configuration.builder().residual(List.of()).build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("network.layers[0].layers: expected at least one layer");
  }

  @Test
  void configurationsOfNormalizationComeBackAsTheyWere() {
    Configuration built = normalized().build();
    assertThat(Configuration.parse(built.toHocon(), "copy").network()).isEqualTo(built.network());
  }
}
