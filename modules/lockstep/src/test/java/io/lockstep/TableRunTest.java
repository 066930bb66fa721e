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
import io.lockstep.data.Partition;
import io.lockstep.data.Partitions;
import io.lockstep.data.formula.EncodedTable;
import io.lockstep.kernels.Activation;
import io.lockstep.model.CoefficientTable;
import io.lockstep.model.RunSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs on CSV files. */
@Timeout(60)
class TableRunTest {

  private static final String FORMULA = "y ~ kind * ns(x, df = 4) + factor(day) + z";

  @TempDir Path temp;

  /** y is a curve of x, another one for each kind; some cells are missing. */
  @BeforeEach
  void writeTables() throws IOException {
    Files.writeString(temp.resolve("train.csv"), csv(0, 400));
    Files.writeString(temp.resolve("test.csv"), csv(400, 450));
  }

  private static String csv(int from, int to) {
    StringBuilder text = new StringBuilder("y;kind;x;day;z\n");
    for (int i = from; i < to; i++) {
      double x = (i * 37 % 101) / 20.0;
      boolean up = i % 3 == 0;
      double y = up ? Math.sin(x) : 0.2 * x * x;
      text.append(
          String.format(
              Locale.ROOT,
              "%.4f;\"%s\";%.2f;%s;%d%n",
              y,
              up ? "up" : "down",
              x,
              i % 50 == 7 ? "" : Integer.toString(i % 7),
              i * 13 % 5));
    }
    return text.toString();
  }

  private ConfigurationBuilder configuration() {
    return Configuration.builder()
        .data("table")
        .dataDir(temp)
        .set("data.table.file", "train.csv")
        .set("data.table.test", "test.csv")
        .set("data.table.formula", FORMULA)
        .set("data.scaling", "standardize")
        .set("network.output.family", "gaussian")
        .optimizer(OptimizerSettings.Name.ADAM, 0.02)
        .batch(64)
        .microBatches(16)
        .epochs(30);
  }

  private static Training training(ConfigurationBuilder configuration) {
    Configuration built = configuration.build();
    return Training.create(built, built.loadData(DataRequest.ofProcess().offline()));
  }

  @Test
  void givesTheSameWeightsWithAnyNumberOfWorkers() {
    RunSummary one = training(configuration().workers(1)).run().summary();
    RunSummary three = training(configuration().workers(3).servers(2)).run().summary();
    assertThat(three.weightsSha256()).isEqualTo(one.weightsSha256());
    assertThat(three.test()).isEqualTo(one.test());
    assertThat(one.test().loss()).isLessThan(0.94); // At least ln(2π) / 2 = 0.919.
  }

  @Test
  void givesTheSameWeightsFromScratchFiles() {
    RunSummary heap = training(configuration()).run().summary();
    RunSummary scratch =
        training(configuration().set("data.table.memory", 0).workers(2)).run().summary();
    assertThat(scratch.weightsSha256()).isEqualTo(heap.weightsSha256());
    assertThat(scratch.dataSha256()).isEqualTo(heap.dataSha256());
    assertThat(scratch.test()).isEqualTo(heap.test());
  }

  @Test
  void whereATableIsHeldIsNoPartOfTheResult() {
    Configuration scratch = configuration().set("data.table.memory", 0).build();
    assertThat(scratch.toHoconOfResult()).isEqualTo(configuration().build().toHoconOfResult());
    assertThat(Configuration.bundled("digits", scratch.data().toOverrides()).data())
        .isEqualTo(scratch.data());
    assertThatThrownBy(() -> configuration().set("data.table.memory", -1).build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(
            "data.table.memory: expected a whole number of megabytes, from 0 on, or auto but found -1");
  }

  @Test
  void predictsRawCsvAsItEvaluates() throws IOException {
    Path folder = temp.resolve("run");
    training(configuration().dense(8, Activation.TANH)).run(folder);
    Files.writeString(
        temp.resolve("new.csv"), "x,day,kind,z,unused\n1.5,3,down,2,a\n9,,up,1,b\n1.5,1,up,0,c\n");

    Model model = Model.load(folder);
    EncodedTable rows = model.read(temp.resolve("new.csv"));

    assertThat(rows.tableRow(1)).isEqualTo(2);
    assertThat(rows.notes())
        .containsExactly("1 of 3 rows left out, since cells are missing: 1 in day");
    float[] means = model.predict(rows.dataset());
    assertThat(means).hasSize(2);
    assertThat(means[0]).isBetween(0.2f, 0.7f); // 0.45
    assertThat(means[1]).isBetween(0.7f, 1.3f); // sin 1.5
  }

  @Test
  void readsWithTheDelimiterOfTheRun() throws IOException {
    Path folder = temp.resolve("run");
    TrainedModel trained =
        training(
                configuration()
                    .set("data.table.formula", "y ~ x")
                    .set("data.table.delimiter", ";")
                    .epochs(1))
            .run(folder);
    Path commas =
        temp.resolve(
            "commas.csv"); // By themselves the lines look like three cells each, by commas.
    Files.writeString(commas, "x;a,b,c\n1.5;c,d,e\n2.5;e,f,g\n");
    assertThat(Model.load(folder).read(commas).rows()).isEqualTo(2);
    assertThat(trained.model().read(commas).rows()).isEqualTo(2);
  }

  @Test
  void makesClassesOfText() {
    RunSummary summary =
        training(
                configuration()
                    .set("data.table.formula", "kind ~ y + x + I(x^2)")
                    .set("network.output.family", "categorical")
                    .dense(16, Activation.RELU))
            .run()
            .summary();
    assertThat(summary.test().accuracy()).isGreaterThan(0.9);
  }

  @Test
  void overridesSayAllOfTheData() {
    Configuration table =
        configuration()
            .set("data.table.formula", "y ~ `a \"b\\` + x:`$c`")
            .set("data.table.delimiter", "\t")
            .set("data.table.unseen", "other")
            .build();
    assertThat(Configuration.bundled("digits", table.data().toOverrides()).data())
        .isEqualTo(table.data());
  }

  @Test
  void whereFilesLieIsNoPartOfTheResult() {
    Configuration here = configuration().build();
    Configuration there = configuration().set("data.table.file", "other/train.csv").build();
    assertThat(there.toHoconOfResult()).isEqualTo(here.toHoconOfResult());
    Configuration other = configuration().set("data.table.formula", "y ~ x").build();
    assertThat(other.toHoconOfResult()).isNotEqualTo(here.toHoconOfResult());
  }

  @Test
  void putsAsideEveryFifthDay() {
    ConfigurationBuilder everyFifth =
        configuration()
            .set("data.validation", 0.2)
            .set("data.split", "evenly")
            .set("data.table.group", "day")
            .set("data.table.formula", "y ~ day");
    Partitions data = everyFifth.build().loadData(DataRequest.ofProcess().offline());
    Partition held = data.validation();
    assertThat(held.size()).isBetween(40, 60); // One of seven days, of 392 rows.
    for (int p = 0; p < held.size(); p++) {
      assertThat(held.data().feature(held.row(p), 0)).isEqualTo(4);
    }
    for (int p = 0; p < data.train().size(); p++) {
      assertThat(held.data().feature(data.train().row(p), 0)).isNotEqualTo(4);
    }
    assertThatThrownBy(() -> training(everyFifth.set("data.table.formula", "y ~ x")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("train.csv:9: column day: the cell is missing, but rows are to be");
    assertThatThrownBy(() -> training(everyFifth.set("data.table.group", "dey")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("there is no column 'dey'; did you mean 'day'?");
  }

  @Test
  void constantColumnHasNoCoefficientAsInR() throws IOException {
    Files.writeString(temp.resolve("constant.csv"), "y,c,x\n1,5,1\n3,5,2\n4,5,3\n9,5,4\n7,5,6\n");
    ConfigurationBuilder constant =
        configuration()
            .set("data.table.file", "constant.csv")
            .set("data.table.test", "")
            .set("data.validation", 0)
            .set("data.table.formula", "y ~ .")
            .optimizer(OptimizerSettings.Name.ADAM, 0.5)
            .set("schedule.name", "cosine")
            .epochs(1000);
    Partitions rows = constant.build().loadData(DataRequest.ofProcess().offline());
    CoefficientTable table =
        training(constant).run().model().coefficientTable(rows.train()).orElseThrow();
    assertThat(table.warnings()).containsExactly("c is constant: it has no coefficient (NA)");
    assertThat(table.coefficients().get(1).estimate()).isNull();
    assertThat(table.coefficients().getFirst().estimate()).isCloseTo(0.4324324, within(1e-3));
    assertThat(table.coefficients().get(2).estimate()).isCloseTo(1.3648649, within(1e-3));
    assertThat(table.rank()).isEqualTo(2);
  }

  @Test
  void refusesWhatItCannotTrainOn() {
    assertThatThrownBy(() -> configuration().set("data.table.file", "").build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(
            "data.table.file: expected the path of a CSV file but found \"\" at");
    assertThatThrownBy(() -> configuration().set("data.table.formula", "y ~ (x").build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("data.table.formula: formula 'y ~ (x', position 7: expected ')'");
    assertThatThrownBy(() -> configuration().set("data.table.formula", "~ x").build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("expected a formula with a response");
    assertThatThrownBy(() -> configuration().set("data.table.delimiter", "::").build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("expected one character, tab or auto");
    assertThatThrownBy(() -> training(configuration().set("data.table.file", "none.csv")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("there is no file none.csv; looked for " + temp.resolve("none.csv"));
    assertThatThrownBy(() -> training(configuration().set("data.table.formula", "y ~ x - 1")).run())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("expected one with an intercept");
    assertThatThrownBy(
            () ->
                training(configuration().set("data.table.formula", "y ~ x - 1").dropout(0.1)).run())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("expected one with an intercept");
    assertThatThrownBy(() -> training(configuration().set("data.scaling", "unit")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("use 'standardize' or 'none'");
  }
}
