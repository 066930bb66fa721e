package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.config.Configuration;
import io.lockstep.config.ConfigurationBuilder;
import io.lockstep.config.OptimizerSettings;
import io.lockstep.data.DataRequest;
import io.lockstep.kernels.Activation;
import io.lockstep.model.RunFolder;
import io.lockstep.nn.ParameterLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What coefficients say about a row of the data is what the model predicts. */
@Timeout(60)
class CoefficientsTest {

  private static final float[] ROW = {7.5f, 1};
  private static final float[] OTHER = {-2, 0};

  @TempDir Path temp;

  /** Columns far from mean 0 and standard deviation 1. */
  @BeforeEach
  void writeTable() throws IOException {
    StringBuilder text = new StringBuilder("y,count,class,x,kind\n");
    for (int i = 0; i < 120; i++) {
      double x = 40 + 3 * (i * 37 % 101) / 10.0;
      String kind = i % 3 == 0 ? "up" : "down";
      text.append(
          "%s,%d,%s,%s,%s\n"
              .formatted(x / 10 + i % 4, i * i % 11, "abc".charAt(i * 7 % 3), x, kind));
    }
    Files.writeString(temp.resolve("train.csv"), text);
  }

  private ConfigurationBuilder configuration(String response, String family) {
    return Configuration.builder()
        .data("table")
        .dataDir(temp)
        .set("data.table.file", "train.csv")
        .set("data.table.formula", response + " ~ x + kind")
        .set("data.scaling", "standardize")
        .set("network.output.family", family)
        .optimizer(OptimizerSettings.Name.ADAM, 0.05)
        .batch(32)
        .epochs(5);
  }

  private static Model train(ConfigurationBuilder configuration) {
    Configuration built = configuration.build();
    return Training.create(built, built.loadData(DataRequest.ofProcess().offline())).run().model();
  }

  private static double eta(List<Double> coefficients, float[] row) {
    double eta = coefficients.getFirst();
    for (int column = 0; column < row.length; column++) {
      eta += coefficients.get(1 + column) * row[column];
    }
    return eta;
  }

  @Test
  void areOnTheScaleOfTheData() {
    Model model = train(configuration("y", "gaussian").dropout(0.2));

    Coefficients coefficients = model.coefficients().orElseThrow();

    assertThat(coefficients.names()).containsExactly("(Intercept)", "x", "kindup");
    assertThat(coefficients.outputs()).containsExactly("mean0");
    assertThat(coefficients.reference()).isNull();
    assertThat(coefficients.shape()).isEmpty();
    for (float[] row : List.of(ROW, OTHER)) {
      assertThat(eta(coefficients.values().getFirst(), row))
          .isCloseTo(model.predict(row)[0], within(1e-4));
    }
  }

  @Test
  void ofClassesAreDifferencesToTheFirst() {
    Model model = train(configuration("class", "categorical"));

    Coefficients coefficients = model.coefficients().orElseThrow();

    assertThat(coefficients.reference()).isEqualTo("a");
    assertThat(coefficients.outputs()).containsExactly("b", "c");
    float[] probabilities = model.predict(ROW);
    for (int output = 0; output < 2; output++) {
      assertThat(eta(coefficients.values().get(output), ROW))
          .isCloseTo(Math.log(probabilities[1 + output] / probabilities[0]), within(1e-4));
    }
  }

  @Test
  void comeWithTheShapeThatWasLearned() {
    Configuration built = configuration("count", "negative-binomial").build();
    Path folder = temp.resolve("run");
    Training.create(built, built.loadData(DataRequest.ofProcess().offline())).run(folder);

    Coefficients coefficients = Model.load(folder).coefficients().orElseThrow();

    ParameterLayout layout = Model.load(folder).network().parameters();
    float[] theta = layout.toCanonical(RunFolder.open(folder).readWeights(layout));
    assertThat(theta).hasSize(4);
    assertThat(coefficients.shapeName()).isEqualTo("size");
    assertThat(coefficients.shape().orElseThrow()).isEqualTo(Math.exp(theta[3])).isNotEqualTo(1);
  }

  @Test
  void comeWithTheShapeThatWasGiven() {
    Model model = train(configuration("I(count + 1)", "gamma").set("network.output.shape", 2.5));
    assertThat(model.coefficients().orElseThrow().shape()).isEqualTo(OptionalDouble.of(2.5));
  }

  @Test
  void withAHiddenLayerThereAreNone() {
    Model model = train(configuration("y", "gaussian").dense(3, Activation.IDENTITY).epochs(1));
    assertThat(model.coefficients()).isEmpty();
  }

  @Test
  void haveNumbersForNamesWithoutATable() {
    Model model =
        Training.create(
                Configuration.builder().set("network.output.family", "poisson").epochs(1).build(),
                CountData.partitions())
            .run()
            .model();
    assertThat(model.coefficients().orElseThrow().names())
        .containsExactly("(Intercept)", "x0", "x1", "x2");
  }
}
