package io.lockstep.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.DataRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableDefaultsTest {

  private static final int ROWS = 40;

  @TempDir Path temp;

  @BeforeEach
  void write() throws IOException {
    StringBuilder rows = new StringBuilder("y,kind,x,t\n");
    for (int i = 0; i < ROWS; i++) {
      rows.append("%d,%s,%d,%d%n".formatted(1 + i % 3, i % 2 == 0 ? "a" : "b", i * i % 7, 1 + i));
    }
    Files.writeString(temp.resolve("t.csv"), rows);
  }

  private static TableDefaults defaults(Overrides own) {
    return TableDefaults.of(Configuration.of("t", own), DataRequest.ofProcess().offline());
  }

  private static Configuration configuration(Overrides own) {
    return Configuration.of("t", defaults(own).overrides().with(own));
  }

  private Overrides of(String formula, String family) {
    return Overrides.of(List.of("data.name=table"))
        .with("data.table.file", temp.resolve("t.csv").toString(), "test")
        .with("data.table.formula", formula, "test")
        .with("network.output.family", family, "test");
  }

  @ParameterizedTest
  @CsvSource({"poisson", "gamma", "negative-binomial", "exponential", "gaussian"})
  void whoAsksForLbfgsGetsIt(String family) {
    Overrides own = of("y ~ x", family).with("optimizer.name", "lbfgs", "test");
    Configuration linear = configuration(own);
    assertThat(linear.optimizer().memory()).isEqualTo(20);
    assertThat(linear.train().epochs()).isEqualTo(400);
    assertThat(linear.train().batch()).isEqualTo(ROWS);

    Overrides hidden =
        own.with(Overrides.of(List.of("network.layers=[{type=dense, units=3, activation=tanh}]")));
    assertThat(configuration(hidden).train().batch()).isEqualTo(ROWS);
    assertThat(configuration(hidden).optimizer().clipValue()).isZero();
  }

  @Test
  void whoAsksForSmallBatchesGetsAdam() {
    Configuration small = configuration(of("y ~ x", "poisson").with("train.batch", 8, "test"));
    assertThat(small.optimizer().name()).isEqualTo(OptimizerSettings.Name.ADAM);
    assertThat(small.optimizer().clipValue()).isEqualTo(1);
  }

  /** What is wrong is said later, by name. */
  @Test
  void looksAtNoNumbersOfAResponseOfTexts() {
    Overrides hidden =
        of("kind ~ x", "gaussian")
            .with(Overrides.of(List.of("network.layers=[{type=dense, units=3}]")));
    assertThat(defaults(hidden).instead()).isEqualTo(Overrides.NONE);
    assertThat(defaults(of("kind ~ x", "gaussian").with("train.batch", 8, "test")).instead())
        .isEqualTo(Overrides.NONE);
  }

  /** Classes have no offsets. */
  @Test
  void twoTextsAreTwoClassesUnlessThereIsAnOffset() {
    assertThat(defaults(of("kind ~ x", "bernoulli")).instead()).isNotEqualTo(Overrides.NONE);
    assertThat(defaults(of("kind ~ x + offset(log(t))", "bernoulli")).instead())
        .isEqualTo(Overrides.NONE);
  }
}
