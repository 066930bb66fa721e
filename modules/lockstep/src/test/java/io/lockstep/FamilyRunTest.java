package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.config.Configuration;
import io.lockstep.config.ConfigurationBuilder;
import io.lockstep.config.Geometric;
import io.lockstep.config.OptimizerSettings;
import io.lockstep.data.Dataset;
import io.lockstep.data.Partitions;
import io.lockstep.kernels.Activation;
import io.lockstep.model.Metrics;
import io.lockstep.model.MetricsLog;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs with the families of generalized linear models. */
@Timeout(60)
class FamilyRunTest {

  @TempDir Path temp;

  private static ConfigurationBuilder counts(String family) {
    return Configuration.builder()
        .set("network.output.family", family)
        .optimizer(OptimizerSettings.Name.ADAM, 0.02)
        .batch(64)
        .microBatches(16)
        .epochs(3);
  }

  private static RunSummary run(ConfigurationBuilder configuration, Partitions data) {
    return Training.create(configuration.build(), data).run().summary();
  }

  @ParameterizedTest
  @ValueSource(strings = {"poisson", "negative-binomial", "io.lockstep.config.Geometric"})
  void weightsAndScoresAreTheSameWithAnyNumberOfWorkers(String family) {
    ConfigurationBuilder configuration = counts(family).dense(20, Activation.TANH);
    if (family.contains(".")) {
      configuration.set("network.output.options", Map.of("shift", 0.5));
    }
    Path folder = temp.resolve("run");
    RunSummary one = run(configuration.workers(1).servers(1), CountData.partitions());
    RunSummary three =
        Training.create(configuration.workers(3).servers(2).build(), CountData.partitions())
            .run(folder)
            .summary();

    assertThat(three.weightsSha256()).isEqualTo(one.weightsSha256());
    assertThat(three.test()).isEqualTo(one.test());
    assertThat(Model.load(folder).evaluate(CountData.partitions().test())).isEqualTo(one.test());
  }

  /** Deviances travel, too. */
  @Test
  void scoresAreTheSameOverSockets() {
    RunSummary here = run(counts("poisson").workers(1), CountData.partitions());
    Training training =
        Training.create(counts("poisson").workers(2).servers(2).build(), CountData.partitions());
    training.overSockets();
    RunSummary overSockets = training.run().summary();

    assertThat(here.test().deviance()).isPositive();
    assertThat(overSockets.test()).isEqualTo(here.test());
    assertThat(overSockets.validation()).isEqualTo(here.validation());
    assertThat(overSockets.weightsSha256()).isEqualTo(here.weightsSha256());
  }

  /** {@code glm(y ~ a + b + c + offset(o), poisson)} of R 4.2.2 on the 400 rows learned from. */
  @Test
  void aPoissonModelWithoutHiddenLayersHasTheFitOfR() {
    TrainedModel trained =
        Training.create(
                counts("poisson")
                    .optimizer(OptimizerSettings.Name.ADAM, 0.05)
                    .set("schedule.name", "cosine")
                    .batch(400)
                    .epochs(400)
                    .build(),
                CountData.partitions())
            .run();

    double[] coefficients = {1.14801989719, -0.43193972717, 0.06478449012};
    double intercept = Math.log(trained.model().predict(unlabelled(new float[3]))[0]);
    assertThat(intercept).isCloseTo(0.43588085365, within(1e-4));
    for (int column = 0; column < 3; column++) {
      float[] row = new float[3];
      row[column] = 1;
      double eta = Math.log(trained.model().predict(unlabelled(row))[0]);
      assertThat(eta - intercept).isCloseTo(coefficients[column], within(1e-4));
    }
    RunSummary.Score test = trained.summary().test();
    assertThat(test.deviance()).isCloseTo(536.989371, within(0.01));
    assertThat(test.logLikelihood()).isCloseTo(-941.0293777, within(0.01));
    assertThat(test.loss()).isCloseTo(-test.logLikelihood() / CountData.ROWS, within(1e-9));
    assertThat(test.accuracy()).isNull();
  }

  @Test
  void theSummaryIsKeptWhereCoefficientsCannotBe() {
    Path folder = temp.resolve("run");
    Training training =
        Training.create(counts("poisson").build(), CountData.partitions())
            .addListener(
                new TrainingListener() {
                  @Override
                  public void onStart(RunInfo info) {
                    assertThat(folder.resolve("coefficients.csv").toFile().mkdir()).isTrue();
                  }
                });

    assertThatThrownBy(() -> training.run(folder)).hasMessageContaining("coefficients.csv");
    assertThat(RunFolder.open(folder).readSummary().status()).isEqualTo(RunSummary.Status.FINISHED);
  }

  private static Dataset unlabelled(float[] row) {
    return Dataset.unlabelled("row", 1, 3, row).withOffsets(new float[1]);
  }

  @Test
  void anOffsetOfTheRowsToPredictIsAddedToTheirPredictor() {
    Model model = Training.create(counts("poisson").build(), CountData.partitions()).run().model();
    Dataset row = Dataset.unlabelled("row", 1, 3, new float[] {0.5f, 0, 0});

    float plain = model.predict(row.withOffsets(new float[1]))[0];
    float twice = model.predict(row.withOffsets(new float[] {(float) Math.log(2)}))[0];

    assertThat(twice).isEqualTo(2 * plain, within(1e-5f));
    assertThatThrownBy(() -> model.predict(row))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("row: expected rows with offsets");
  }

  @Test
  void equalWeightsChangeNothingButTheirSum() {
    float[] weights = new float[CountData.ROWS];
    Arrays.fill(weights, 4);
    Partitions weighted =
        CountData.partitions(
            CountData.TRAIN.withWeights(weights), CountData.TEST.withWeights(weights));

    RunSummary once = run(counts("poisson"), CountData.partitions());
    RunSummary fourTimes = run(counts("poisson").workers(3), weighted);

    assertThat(fourTimes.weightsSha256()).isEqualTo(once.weightsSha256());
    assertThat(fourTimes.test().loss()).isCloseTo(once.test().loss(), within(1e-12));
    assertThat(fourTimes.test().deviance()).isCloseTo(4 * once.test().deviance(), within(1e-6));
  }

  @Test
  void devianceAndLogLikelihoodAreInTheMetricsOfEachEvaluation() {
    Path folder = temp.resolve("run");
    Training.create(counts("poisson").build(), CountData.partitions()).run(folder);

    List<Metrics.Evaluation> validations =
        MetricsLog.read(RunFolder.open(folder).metricsFile()).stream()
            .filter(Metrics.Evaluation.class::isInstance)
            .map(Metrics.Evaluation.class::cast)
            .filter(line -> line.partition().equals("validation"))
            .toList();

    assertThat(validations).hasSize(3);
    assertThat(validations)
        .allSatisfy(
            line -> {
              assertThat(line.deviance()).isPositive();
              assertThat(line.logLikelihood()).isCloseTo(-100 * line.loss(), within(1e-9));
            });
  }

  @Test
  void targetsThatTheFamilyCannotHaveEndARunBeforeItBegins() {
    float[] counts = new float[CountData.ROWS];
    counts[7] = -3;
    Dataset data =
        Dataset.ofFloats("rides", CountData.ROWS, 1, new float[CountData.ROWS], counts, 1);
    Partitions partitions = CountData.partitions(data, data);

    assertThatThrownBy(() -> run(counts("poisson"), partitions))
        .hasMessageContaining("row 7, column 0")
        .hasMessageContaining("poisson needs counts (0, 1, 2, …) but found -3;");
  }

  @Test
  void aClassOfTheProgramIsAFamily() {
    RunSummary summary = run(counts(Geometric.class.getName()), CountData.partitions());

    assertThat(summary.test().deviance()).isPositive();
  }
}
