package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.config.Configuration;
import io.lockstep.config.ConfigurationBuilder;
import io.lockstep.config.ConfigurationException;
import io.lockstep.config.OptimizerSettings;
import io.lockstep.data.DataRequest;
import io.lockstep.data.Dataset;
import io.lockstep.data.Partition;
import io.lockstep.model.RunSummary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Poisson regression with an offset, on a CSV file; {@code rates.R} made file and figures. */
@Timeout(60)
class TableOffsetTest {

  @TempDir Path temp;

  @BeforeEach
  void writeTable() throws IOException {
    try (InputStream in = TableOffsetTest.class.getResourceAsStream("rates.csv")) {
      Files.copy(in, temp.resolve("rates.csv"));
    }
  }

  private ConfigurationBuilder configuration() {
    return Configuration.builder()
        .data("table")
        .dataDir(temp)
        .set("data.table.file", "rates.csv")
        .set("data.table.test", "rates.csv")
        .set("data.table.formula", "y ~ x + kind + offset(log(t))")
        .set("data.scaling", "standardize")
        .set("data.validation", 0)
        .set("network.output.family", "poisson")
        .optimizer(OptimizerSettings.Name.ADAM, 0.05)
        .set("schedule.name", "cosine")
        .batch(200)
        .microBatches(8)
        .epochs(400);
  }

  private static TrainedModel train(ConfigurationBuilder configuration, Path folder) {
    Configuration built = configuration.build();
    return Training.create(built, built.loadData(DataRequest.ofProcess().offline())).run(folder);
  }

  @Test
  void trainsAndPredictsWithTheOffsetAsR() throws IOException {
    Path folder = temp.resolve("run");
    RunSummary summary = train(configuration(), folder).summary();
    Files.writeString(temp.resolve("new.csv"), "kind,x,t\nb,0.5,1\nb,0.5,3\nc,-1,2.5\n");

    assertThat(summary.test().deviance()).isCloseTo(232.659723776, within(1e-3));
    assertThat(summary.test().logLikelihood()).isCloseTo(-382.049120681, within(1e-3));
    Model model = Model.load(folder);
    float[] means = model.predict(model.read(temp.resolve("new.csv")).dataset());
    double[] expected = {1.26963077970, 3.80889233909, 1.96039183928};
    assertThat(means).hasSize(expected.length);
    for (int row = 0; row < expected.length; row++) {
      assertThat((double) means[row]).isCloseTo(expected[row], within(1e-3 * expected[row]));
    }
    requireOffsets(model, means[1]);
  }

  private static void requireOffsets(Model model, float expected) {
    float[] row = {0.5f, 1, 0}; // x, kindb, kindc
    assertThat(model.predict(row, (float) Math.log(3))).containsExactly(expected);
    Dataset without = Dataset.ofFloats("bare", 1, 3, row, new float[] {2}, 1);
    String refusal =
        ": expected rows with offsets, as those that the network was trained on, but found none";
    assertThatThrownBy(() -> model.predict(row))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("row" + refusal);
    assertThatThrownBy(() -> model.predict(without)).hasMessage("bare" + refusal);
    assertThatThrownBy(() -> model.evaluate(Partition.all(without))).hasMessage("bare" + refusal);
  }

  @Test
  void isRefusedWithClasses() {
    ConfigurationBuilder classes =
        configuration()
            .set("data.table.formula", "kind ~ x + offset(t)")
            .set("network.output.family", "categorical");
    assertThatThrownBy(() -> train(classes, temp.resolve("run")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("network.output.family: expected a family of values (as rows of")
        .hasMessageContaining("have offsets, which change no probability of classes) but found");
  }

  @Test
  void refusesAResponseByItsLine() throws IOException {
    Files.writeString(temp.resolve("bad.csv"), "n,x\n1,2\n,3\n\n-4,5\n");
    ConfigurationBuilder bad =
        configuration()
            .set("data.table.file", "bad.csv")
            .set("data.table.test", "")
            .set("data.table.formula", "n ~ x");
    assertThatThrownBy(() -> train(bad, temp.resolve("run")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "bad.csv:5: column n: poisson needs counts (0, 1, 2, …) but found -4");
  }

  @Test
  void givesTheSameWeightsWithAnyNumberOfWorkers() {
    RunSummary one = train(configuration().epochs(3).workers(1), temp.resolve("one")).summary();
    RunSummary three =
        train(configuration().epochs(3).workers(3).servers(2), temp.resolve("three")).summary();

    assertThat(three.weightsSha256()).isEqualTo(one.weightsSha256());
    assertThat(three.test()).isEqualTo(one.test());
  }
}
