package io.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lockstep.config.Configuration;
import io.lockstep.config.OptimizerSettings;
import io.lockstep.config.Overrides;
import io.lockstep.config.TableDefaults;
import io.lockstep.data.DataEnvironment;
import io.lockstep.data.DataRequest;
import io.lockstep.data.Partition;
import io.lockstep.model.CoefficientTable;
import io.lockstep.model.CoefficientTable.Coefficient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a user gets on real tables who names file, formula and family alone, with three workers, is
 * what R's glm, glm.nb and multinom find ({@code glm.json}). Without {@code LOCKSTEP_DATA} these
 * tests are skipped, visibly and with a reason.
 */
@Timeout(120)
class RealFitsTest {

  private static final String RENTALS = "bikeshare/hour.csv";

  private static final String WEATHER =
      " ~ factor(season) + yr + factor(hr) + holiday + workingday + factor(weathersit) + temp + hum + windspeed";
  private static final String SELLER =
      " ~ PowerSeller + VerifyID + Sealed + MinBlem + MajBlem + LargNeg + LogBook + MinBidShare";

  @TempDir Path temp;

  private static JsonNode reference(String name) throws IOException {
    try (InputStream in = RealFitsTest.class.getResourceAsStream("model/glm.json")) {
      return JsonMapper.builder().build().readTree(in).get(name);
    }
  }

  private static Path real(String file) {
    Path path = DataEnvironment.ofProcess().dataFolder(file);
    if (path == null || !Files.isRegularFile(path)) {
      Assumptions.abort("needs LOCKSTEP_DATA: a folder that holds " + file);
    }
    return path;
  }

  private static CoefficientTable fit(Path file, String formula, String family) {
    Overrides own =
        Overrides.of(List.of("data.name=table", "cluster.workers=3"))
            .with("data.table.file", file.toString(), "test")
            .with("data.table.formula", formula, "test")
            .with("network.output.family", family, "test");
    DataRequest request = DataRequest.ofProcess().offline();
    TableDefaults defaults = TableDefaults.of(Configuration.of("fit", own), request);
    Configuration configuration = Configuration.of("fit", defaults.overrides().with(own));
    TrainedModel trained = Training.create(configuration, request).run();
    return trained.model().coefficientTable(configuration.loadData(request).train()).orElseThrow();
  }

  private static void assertFit(String name, CoefficientTable found) throws IOException {
    JsonNode r = reference(name);
    assertThat(found.warnings()).isEmpty();
    for (String figure : List.of("deviance", "nullDeviance", "logLik")) {
      double value =
          switch (figure) {
            case "deviance" -> found.deviance();
            case "nullDeviance" -> found.nullDeviance();
            default -> found.logLikelihood();
          };
      if (r.has(figure)) {
        double expected = r.get(figure).asDouble();
        assertThat(value).as(figure).isCloseTo(expected, within(1e-6 * Math.abs(expected)));
      }
    }
    if (r.has("theta")) {
      double theta = r.get("theta").asDouble();
      assertThat(found.shape()).isCloseTo(theta, within(1e-4 * theta));
    }
    JsonNode coefficients = r.get("coefficients");
    assertThat(found.coefficients()).hasSize(coefficients.size());
    for (Coefficient one : found.coefficients()) {
      double error = r.get("standardErrors").get(one.name()).asDouble();
      assertThat(one.estimate())
          .as("%s, in units of 1/1000 of its standard error", one.name())
          .isCloseTo(coefficients.get(one.name()).asDouble(), within(1e-3 * error));
      assertThat(one.standardError()).as(one.name()).isCloseTo(error, within(1e-3 * error));
    }
  }

  @Test
  void poissonOfBids() throws IOException {
    assertFit("ebay_poisson", fit(real("ebay/ebay.csv"), "nBids" + SELLER, "poisson"));
  }

  @Test
  void gaussianOfBids() throws IOException {
    assertFit("ebay_gaussian", fit(real("ebay/ebay.csv"), "nBids" + SELLER, "gaussian"));
  }

  @Test
  void bernoulliOfSales() throws IOException {
    String formula = "Sold ~ PowerSeller + MinBlem + MajBlem + LargNeg + LogBook + MinBidShare";
    assertFit("ebay_sold_bernoulli", fit(real("ebay/ebay.csv"), formula, "bernoulli"));
  }

  @Test
  void poissonOfRentals() throws IOException {
    assertFit("bike_poisson", fit(real(RENTALS), "cnt" + WEATHER, "poisson"));
  }

  /** An embedding without hidden layers is the same model, with the same deviance. */
  @Test
  void poissonOfRentalsByEmbeddedHours() throws IOException {
    Configuration embedded =
        Configuration.builder()
            .data("table")
            .set("data.table.file", real(RENTALS).toString())
            .set("data.table.formula", "cnt" + WEATHER)
            .set("data.table.embeddings", Map.of("hr", 2))
            .set("data.scaling", "standardize")
            .validation(0)
            .set("network.output.family", "poisson")
            .optimizer(OptimizerSettings.Name.ADAM, 0.1)
            .set("optimizer.beta2", 0.99)
            .set("optimizer.clipValue", 1)
            .set("schedule.name", "cosine")
            .batch(17379)
            .epochs(600)
            .build();
    Partition rows = embedded.loadData(DataRequest.ofProcess().offline()).train();

    Model model = Training.create(embedded, DataRequest.ofProcess().offline()).run().model();

    double expected = reference("bike_poisson").get("deviance").asDouble();
    assertThat(model.evaluate(rows).deviance()).isCloseTo(expected, within(1e-4 * expected));
  }

  @Test
  void negativeBinomialOfRentals() throws IOException {
    assertFit("bike_negative_binomial", fit(real(RENTALS), "cnt" + WEATHER, "negative-binomial"));
  }

  /** R's rows are those without any missing cell, and its columns are standardized. */
  @Test
  void multinomialOfSpecies() throws IOException {
    List<String> complete =
        Files.readAllLines(real("penguins/penguins.csv")).stream()
            .filter(line -> !(line + ",").contains(",,"))
            .toList();
    Path file = Files.write(temp.resolve("penguins.csv"), complete);
    List<String> header = List.of(complete.getFirst().split(","));
    double[] length = standardizing(complete, header.indexOf("bill_length_mm"));
    double[] depth = standardizing(complete, header.indexOf("bill_depth_mm"));

    CoefficientTable found = fit(file, "species ~ bill_length_mm + bill_depth_mm", "categorical");

    JsonNode r = reference("penguins_multinomial");
    assertThat(found.rows()).isEqualTo(r.get("rows").asInt());
    assertThat(found.deviance()).isCloseTo(r.get("deviance").asDouble(), within(1e-6 * 48));
    assertThat(found.logLikelihood()).isCloseTo(r.get("logLik").asDouble(), within(1e-6 * 24));
    for (int c = 0; c < 2; c++) {
      List<Coefficient> of = found.coefficients().subList(3 * c, 3 * c + 3);
      double ofLength = of.get(1).estimate() * length[1];
      double ofDepth = of.get(2).estimate() * depth[1];
      double intercept =
          of.get(0).estimate() + of.get(1).estimate() * length[0] + of.get(2).estimate() * depth[0];
      JsonNode errors = r.get("standardErrors").get(c);
      JsonNode expected = r.get("coefficients").get(c);
      assertThat(of.getFirst().output()).isEqualTo(expected.get("_row").asText());
      assertNear(intercept, expected, errors, "(Intercept)");
      assertNear(ofLength, expected, errors, "bill_length_mm");
      assertNear(ofDepth, expected, errors, "bill_depth_mm");
    }
  }

  private static void assertNear(double found, JsonNode expected, JsonNode errors, String name) {
    assertThat(found)
        .as(name)
        .isCloseTo(expected.get(name).asDouble(), within(1e-3 * errors.get(name).asDouble()));
  }

  /** Mean and standard deviation of a column. */
  private static double[] standardizing(List<String> lines, int column) {
    double[] x =
        lines.stream()
            .skip(1)
            .mapToDouble(line -> Double.parseDouble(line.split(",")[column]))
            .toArray();
    double mean = 0;
    for (double value : x) {
      mean += value / x.length;
    }
    double squares = 0;
    for (double value : x) {
      squares += (value - mean) * (value - mean);
    }
    return new double[] {mean, Math.sqrt(squares / (x.length - 1))};
  }
}
