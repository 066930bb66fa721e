package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lockstep.data.DataEnvironment;
import io.lockstep.data.formula.EncodedTable;
import io.lockstep.data.formula.EncodingOptions;
import io.lockstep.data.formula.Formula;
import io.lockstep.data.formula.TableEncoding;
import io.lockstep.data.table.CsvTable;
import io.lockstep.data.table.Table;
import io.lockstep.nn.Bernoulli;
import io.lockstep.nn.NegativeBinomial;
import io.lockstep.nn.Poisson;
import io.lockstep.nn.UnivariateFamily;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Deviances, log-likelihoods and gradients of the families at the coefficients that R's glm and
 * glm.nb found on real tables ({@code glm.json}). Without {@code LOCKSTEP_DATA} these tests are
 * skipped, visibly and with a reason.
 */
class RFitsTest {

  private static final String AUCTIONS = "ebay/ebay.csv";
  private static final String RENTALS = "bikeshare/hour.csv";
  private static final String WEATHER =
      " ~ factor(season) + yr + factor(hr) + holiday + workingday + factor(weathersit) + temp + hum + windspeed";

  /** η of each row at R's coefficients. */
  private record Fit(JsonNode reference, EncodedTable rows, double[] etas) {

    static Fit of(String name, String file, String formula) throws IOException {
      JsonNode reference;
      try (InputStream in = RFitsTest.class.getResourceAsStream("glm.json")) {
        reference = JsonMapper.builder().build().readTree(in).get(name);
      }
      Path path = DataEnvironment.ofProcess().dataFolder(file);
      if (path == null || !Files.isRegularFile(path)) {
        Assumptions.abort("needs LOCKSTEP_DATA: a folder that holds " + file);
      }
      EncodedTable rows = encoded(path, formula);
      return new Fit(reference, rows, etas(rows, reference.get("coefficients")));
    }

    private static EncodedTable encoded(Path path, String formula) {
      Table table = CsvTable.read(path);
      return TableEncoding.fit(Formula.parse(formula), table, EncodingOptions.DEFAULT)
          .encode(table);
    }

    private static double[] etas(EncodedTable rows, JsonNode coefficients) {
      List<String> names = rows.encoding().coefficientNames(); // the intercept first
      double[] x = new double[names.size() - 1];
      double[] etas = new double[rows.rows()];
      for (int row = 0; row < etas.length; row++) {
        rows.inputs(row, row + 1, x);
        etas[row] = coefficients.get(names.getFirst()).asDouble();
        for (int c = 0; c < x.length; c++) {
          etas[row] += x[c] * coefficients.get(names.get(c + 1)).asDouble();
        }
      }
      return etas;
    }
  }

  /** Where the coefficients are the best, the derivative in the intercept is zero. */
  private static void check(UnivariateFamily family, double shape, Fit fit) {
    double deviance = 0;
    double logLikelihood = 0;
    double gradient = 0;
    double magnitude = 0;
    for (int row = 0; row < fit.etas().length; row++) {
      double y = fit.rows().response(row);
      double eta = fit.etas()[row];
      deviance += family.deviance(y, eta, shape);
      logLikelihood -= family.negativeLogLikelihood(y, eta, shape);
      gradient += family.gradient(y, eta, shape);
      magnitude += Math.abs(family.gradient(y, eta, shape));
    }
    assertThat(gradient / magnitude).isCloseTo(0, within(1e-6));
    assertThat(logLikelihood).isCloseTo(fit.reference().get("logLik").asDouble(), within(1e-6));
    if (fit.reference().has("deviance")) {
      assertThat(deviance).isCloseTo(fit.reference().get("deviance").asDouble(), within(1e-6));
    }
  }

  @Test
  void poissonOnAuctions() throws IOException {
    check(new Poisson(), 1, Fit.of("ebay_poisson", AUCTIONS, "nBids ~ . - Sold"));
  }

  @Test
  void bernoulliOnAuctions() throws IOException {
    String formula = "Sold ~ PowerSeller + MinBlem + MajBlem + LargNeg + LogBook + MinBidShare";
    check(new Bernoulli(), 1, Fit.of("ebay_sold_bernoulli", AUCTIONS, formula));
  }

  @Test
  void poissonOnRentals() throws IOException {
    check(new Poisson(), 1, Fit.of("bike_poisson", RENTALS, "cnt" + WEATHER));
  }

  @Test
  void negativeBinomialOnRentals() throws IOException {
    Fit fit = Fit.of("bike_negative_binomial", RENTALS, "cnt" + WEATHER);
    double theta = fit.reference().get("theta").asDouble();
    check(NegativeBinomial.learned(), theta, fit);
    double dTheta = 0;
    double magnitude = 0;
    for (int row = 0; row < fit.etas().length; row++) {
      double y = fit.rows().response(row);
      double d = NegativeBinomial.learned().shapeGradient(y, fit.etas()[row], theta);
      dTheta += d;
      magnitude += Math.abs(d);
    }
    assertThat(dTheta / magnitude).as("R's theta is the best").isCloseTo(0, within(1e-5));
  }
}
