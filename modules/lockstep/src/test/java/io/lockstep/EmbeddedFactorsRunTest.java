package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.config.Configuration;
import io.lockstep.config.ConfigurationBuilder;
import io.lockstep.config.ConfigurationException;
import io.lockstep.config.OptimizerSettings;
import io.lockstep.data.DataException;
import io.lockstep.data.DataRequest;
import io.lockstep.data.Partitions;
import io.lockstep.data.formula.EncodedTable;
import io.lockstep.kernels.Activation;
import io.lockstep.model.RunSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** CSV files with a text factor that is embedded. */
@Timeout(60)
class EmbeddedFactorsRunTest {

  private static final int SELLERS = 40;

  @TempDir Path temp;

  @BeforeEach
  void writeTables() throws IOException {
    Files.writeString(temp.resolve("train.csv"), csv(0, 800) + "9.5,0.5,last,u\n");
    Files.writeString(temp.resolve("test.csv"), csv(800, 900));
  }

  /** Counts whose mean depends on seller and x. */
  private static String csv(int from, int to) {
    StringBuilder text = new StringBuilder("y,x,seller,kind\n");
    for (int i = from; i < to; i++) {
      double x = i * 7 % 11 / 10.0;
      long y = Math.round(Math.exp(mean(i * 17 % SELLERS) + x) + i * 31 % 5 / 4.0);
      text.append(
          String.format(
              Locale.ROOT, "%d,%.2f,s%d,%s%n", y, x, i * 17 % SELLERS, i % 3 == 0 ? "u" : "v"));
    }
    return text.toString();
  }

  private static double mean(int seller) {
    return (seller * 29 % 13) / 6.0;
  }

  private ConfigurationBuilder embedded() {
    return Configuration.builder()
        .data("table")
        .dataDir(temp)
        .set("data.table.file", "train.csv")
        .set("data.table.test", "test.csv")
        .set("data.table.formula", "I(log(1 + y)) ~ x + seller + kind")
        .set("data.table.embeddings", Map.of("seller", 3))
        .set("data.scaling", "standardize")
        .set("network.output.family", "gaussian")
        .validation(1.0 / 801) // The last row, the only one of its seller.
        .dense(16, Activation.TANH)
        .optimizer(OptimizerSettings.Name.ADAM, 0.01)
        .batch(64)
        .microBatches(16)
        .epochs(40);
  }

  private static Partitions data(ConfigurationBuilder configuration) {
    return configuration.build().loadData(DataRequest.ofProcess().offline());
  }

  private static Training training(ConfigurationBuilder configuration) {
    return Training.create(configuration.build(), data(configuration));
  }

  @Test
  void givesTheSameWeightsWithAnyNumberOfWorkers() {
    RunSummary one = training(embedded().workers(1)).run().summary();
    RunSummary three = training(embedded().workers(3).servers(3)).run().summary();
    assertThat(three.weightsSha256()).isEqualTo(one.weightsSha256());
    assertThat(three.test()).isEqualTo(one.test());
    assertThat(one.test().loss()).isLessThan(0.94); // At least ln(2π) / 2 = 0.919.
  }

  @Test
  void predictsRawCsvAsItEvaluates() throws IOException {
    Path folder = temp.resolve("run");
    TrainedModel trained = training(embedded().set("data.table.unseen", "other")).run(folder);
    Path csv = temp.resolve("new.csv");
    Files.writeString(csv, "kind,seller,x\nu,s1,0.5\nv,s2,0.5\nu,nobody,0.5\nu,last,0.5\n");

    Model model = Model.load(folder);
    EncodedTable rows = model.read(csv);
    float[] means = model.predict(rows.dataset());

    assertThat(model.evaluate(data(embedded()).test())).isEqualTo(trained.summary().test());
    assertThat(means).isEqualTo(trained.model().predict(trained.model().read(csv).dataset()));
    assertThat(means[0]).isCloseTo((float) Math.log(1.5 + Math.exp(mean(1) + 0.5)), within(0.3f));
    assertThat(means[1]).isCloseTo((float) Math.log(1.5 + Math.exp(mean(2) + 0.5)), within(0.3f));
    assertThat(means[2]).isBetween(1.2f, 2.2f); // That of a seller like most.
    assertThat(means[3]).isEqualTo(means[2]); // No row of it was learned from.
  }

  @Test
  void refusesUnseenLevelsUnlessToldOtherwise() throws IOException {
    Path folder = temp.resolve("run");
    training(embedded().epochs(1)).run(folder);
    Path csv = Files.writeString(temp.resolve("new.csv"), "kind,seller,x\nu,s1,1\nu,s40,1\n");
    Model model = Model.load(folder);
    assertThatThrownBy(() -> model.predict(model.read(csv).dataset()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("new.csv:3: column seller: 's40' is none of the levels");
  }

  private ConfigurationBuilder counts(int batch) {
    return Configuration.builder()
        .data("table")
        .dataDir(temp)
        .set("data.table.file", "train.csv")
        .set("data.table.formula", "y ~ x + seller")
        .set("data.scaling", "standardize")
        .set("network.output.family", "gaussian")
        .validation(0)
        .set("schedule.name", "cosine")
        .set("optimizer.beta2", 0.99)
        .batch(batch);
  }

  /** Without hidden layers a level's row of E adds any number to the linear predictor. */
  @Test
  void fitsWithoutHiddenLayersAsOneColumnForEachLevel() {
    ConfigurationBuilder oneHot =
        counts(1000).optimizer(OptimizerSettings.Name.ADAM, 0.3).epochs(1000);
    ConfigurationBuilder embedded =
        counts(1000)
            .set("data.table.embeddings", Map.of("seller", 2))
            .optimizer(OptimizerSettings.Name.ADAM, 0.1)
            .epochs(1000);

    double expected = deviance(oneHot);

    assertThat(deviance(embedded)).isCloseTo(expected, within(1e-4 * expected));
    assertThat(training(embedded.epochs(1)).run().model().coefficients()).isEmpty();
  }

  private static double deviance(ConfigurationBuilder configuration) {
    Partitions rows = data(configuration);
    return Training.create(configuration.build(), rows)
        .run()
        .model()
        .evaluate(rows.train())
        .deviance();
  }

  @Test
  void overridesSayTheEmbeddingsToo() {
    Configuration table =
        embedded().set("data.table.embeddings", Map.of("a=b \"c\"", 2, "x.y", 3)).build();
    assertThat(Configuration.bundled("digits", table.data().toOverrides()).data())
        .isEqualTo(table.data());
    assertThat(Configuration.parse(table.toHocon(), "kept")).isEqualTo(table);
    Configuration other = embedded().set("data.table.embeddings", Map.of("seller", 4)).build();
    assertThat(other.toHoconOfResult()).isNotEqualTo(embedded().build().toHoconOfResult());
  }

  @Test
  void refusesNoUnits() {
    assertThatThrownBy(() -> embedded().set("data.table.embeddings", Map.of("seller", 0)).build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "data.table.embeddings.seller: expected a whole number of at least 1 but found 0");
  }

  @Test
  void refusesToTrainWithoutAnIntercept() {
    ConfigurationBuilder without =
        counts(100)
            .set("data.table.formula", "y ~ x + seller - 1")
            .set("data.table.embeddings", Map.of("seller", 2));
    assertThatThrownBy(() -> training(without))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("expected one with an intercept");
  }

  @Test
  void codesOfOnesOwnAreCheckedBeforeTheRun() throws IOException {
    String rows = csv(0, 20).replace("s", "").replaceFirst("eller", "seller");
    Files.writeString(temp.resolve("codes.csv"), rows);
    ConfigurationBuilder own =
        embedded()
            .set("data.table.file", "codes.csv")
            .set("data.table.test", "")
            .set("data.table.formula", "y ~ x + seller")
            .set("data.table.embeddings", Map.of())
            .set("data.scaling", "none");
    int[] sellers = java.util.stream.IntStream.range(0, 20).map(i -> i * 17 % SELLERS).toArray();
    int first = 0;
    while (sellers[first] < 30) {
      first++;
    }
    ConfigurationBuilder thirty =
        own.set(
            "network.layers",
            Arrays.asList(Map.of("type", "embedding", "column", 1, "levels", 30, "units", 2)));
    String expected =
        "codes.csv:%d: column 1 of the data: an embedding in network.layers expected a whole number from 0 to 29 but found %d"
            .formatted(first + 2, sellers[first]);
    assertThatThrownBy(() -> training(thirty))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(expected);
  }
}
