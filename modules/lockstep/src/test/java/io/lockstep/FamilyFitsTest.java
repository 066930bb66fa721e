package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.config.Configuration;
import io.lockstep.config.ConfigurationBuilder;
import io.lockstep.config.OptimizerSettings;
import io.lockstep.data.DataRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Fits of families by runs with three workers; {@code families.R} made file and figures. */
@Timeout(60)
class FamilyFitsTest {

  @TempDir Path temp;

  private record Fit(TrainedModel trained, Coefficients coefficients) {

    void check(double deviance, double logLikelihood, double... values) {
      assertThat(trained.summary().test().deviance()).isCloseTo(deviance, within(1e-4 * deviance));
      assertThat(trained.summary().test().logLikelihood())
          .isCloseTo(logLikelihood, within(1e-4 * Math.abs(logLikelihood)));
      List<Double> found = coefficients.values().getFirst();
      assertThat(found).hasSize(values.length);
      for (int i = 0; i < values.length; i++) {
        assertThat(found.get(i)).as(coefficients.names().get(i)).isCloseTo(values[i], within(2e-3));
      }
    }
  }

  private Fit fit(String response, String family, String link) throws IOException {
    try (InputStream in = FamilyFitsTest.class.getResourceAsStream("families.csv")) {
      Files.copy(in, temp.resolve("families.csv"));
    }
    ConfigurationBuilder builder =
        Configuration.builder()
            .data("table")
            .dataDir(temp)
            .set("data.table.file", "families.csv")
            .set("data.table.test", "families.csv")
            .set("data.table.formula", response + " ~ x + kind")
            .set("data.scaling", "standardize")
            .set("data.validation", 0)
            .set("network.output.family", family)
            .set("network.output.link", link)
            .optimizer(OptimizerSettings.Name.ADAM, 0.05)
            .set("schedule.name", "cosine")
            .batch(300)
            .microBatches(8)
            .epochs(500)
            .workers(3);
    Configuration configuration = builder.build();
    TrainedModel trained =
        Training.create(configuration, configuration.loadData(DataRequest.ofProcess().offline()))
            .run();
    return new Fit(trained, trained.model().coefficients().orElseThrow());
  }

  private static void checkShape(Fit fit, double expected) {
    OptionalDouble shape = fit.coefficients().shape();
    assertThat(shape.orElseThrow()).isCloseTo(expected, within(1e-2 * expected));
  }

  @Test
  void negativeBinomialAsR() throws IOException {
    Fit fit = fit("count", "negative-binomial", "log");
    fit.check(334.279766906, -726.26258608, 1.4622242855, 0.677867704, -0.4898866375, 0.253386519);
    checkShape(fit, 2.096837038);
  }

  @Test
  void gammaAsR() throws IOException {
    Fit fit = fit("cost", "gamma", "log");
    fit.check(
        111.417886868, -288.814685022, 0.3049636235, 0.7341703455, -0.4946849736, 0.2808501179);
    checkShape(fit, 2.848280601);
  }

  @Test
  void probitAsR() throws IOException {
    fit("hit", "bernoulli", "probit")
        .check(
            368.140184228,
            -184.070092114,
            0.07109970026,
            0.66260462822,
            -0.14399475967,
            0.74659553337);
  }

  @Test
  void cloglogAsR() throws IOException {
    fit("hit", "bernoulli", "cloglog")
        .check(
            366.008108829, -183.004054414, -0.290943472, 0.7621892357, -0.2091021792, 0.7772064378);
  }
}
