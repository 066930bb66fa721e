package io.lockstep.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Deviances, log-likelihoods and gradients at the coefficients that R's glm and glm.nb found on
 * real data (glm.json). Where {@code LOCKSTEP_DATA} has no such data these tests are skipped,
 * visibly and with this reason.
 */
class RFitsTest {

  private record Fit(JsonNode reference, List<Map<String, String>> rows, String response) {

    /** η of a row: numbers times coefficients, and those of the factor levels that it has. */
    double eta(Map<String, String> row) {
      double[] sum = {0};
      reference
          .get("coefficients")
          .fields()
          .forEachRemaining(c -> sum[0] += c.getValue().asDouble() * regressor(c.getKey(), row));
      return sum[0];
    }

    private static double regressor(String name, Map<String, String> row) {
      if (name.equals("(Intercept)")) {
        return 1;
      }
      if (name.startsWith("factor(")) {
        int end = name.indexOf(')');
        return row.get(name.substring(7, end)).equals(name.substring(end + 1)) ? 1 : 0;
      }
      return Double.parseDouble(row.get(name));
    }

    double y(Map<String, String> row) {
      return Double.parseDouble(row.get(response));
    }
  }

  private static Fit fit(String name, String file, String response) throws IOException {
    try (InputStream in = RFitsTest.class.getResourceAsStream("glm.json")) {
      return new Fit(new ObjectMapper().readTree(in).get(name), read(file), response);
    }
  }

  private static List<Map<String, String>> read(String file) throws IOException {
    String folder = System.getenv("LOCKSTEP_DATA");
    Path path = Path.of(folder == null ? "" : folder, file);
    if (folder == null || !Files.isRegularFile(path)) {
      Assumptions.abort("needs " + file + ": set LOCKSTEP_DATA to a folder that holds it");
    }
    List<String> lines = Files.readAllLines(path);
    String[] header = lines.getFirst().split(",");
    List<Map<String, String>> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",");
      Map<String, String> row = new HashMap<>();
      for (int column = 0; column < header.length; column++) {
        row.put(header[column], cells[column]);
      }
      rows.add(row);
    }
    return rows;
  }

  /** Where the coefficients are the best, the derivative in the intercept is zero. */
  private static void check(String name, UnivariateFamily family, double shape, Fit fit) {
    double deviance = 0;
    double logLikelihood = 0;
    double gradient = 0;
    double magnitude = 0;
    for (Map<String, String> row : fit.rows()) {
      double y = fit.y(row);
      double eta = fit.eta(row);
      deviance += family.deviance(y, eta, shape);
      logLikelihood -= family.negativeLogLikelihood(y, eta, shape);
      gradient += family.gradient(y, eta, shape);
      magnitude += Math.abs(family.gradient(y, eta, shape));
    }
    System.out.printf("%s: deviance %.6f, log-likelihood %.6f%n", name, deviance, logLikelihood);
    assertThat(gradient / magnitude).isCloseTo(0, within(1e-6));
    assertThat(logLikelihood).isCloseTo(fit.reference().get("logLik").asDouble(), within(1e-6));
    if (fit.reference().has("deviance")) {
      assertThat(deviance).isCloseTo(fit.reference().get("deviance").asDouble(), within(1e-6));
    }
  }

  @Test
  void poissonOnAuctions() throws IOException {
    check("eBay, poisson", new Poisson(), 1, fit("ebay_poisson", "ebay/ebay.csv", "nBids"));
  }

  @Test
  void bernoulliOnAuctions() throws IOException {
    check(
        "eBay, bernoulli", new Bernoulli(), 1, fit("ebay_sold_bernoulli", "ebay/ebay.csv", "Sold"));
  }

  @Test
  void poissonOnRentals() throws IOException {
    check("bike, poisson", new Poisson(), 1, fit("bike_poisson", "bikeshare/hour.csv", "cnt"));
  }

  @Test
  void negativeBinomialOnRentals() throws IOException {
    Fit fit = fit("bike_negative_binomial", "bikeshare/hour.csv", "cnt");
    double theta = fit.reference().get("theta").asDouble();
    check("bike, negative binomial", NegativeBinomial.learned(), theta, fit);
    double dTheta = 0;
    double magnitude = 0;
    for (Map<String, String> row : fit.rows()) {
      double d = NegativeBinomial.learned().shapeGradient(fit.y(row), fit.eta(row), theta);
      dTheta += d;
      magnitude += Math.abs(d);
    }
    assertThat(dTheta / magnitude).as("R's theta is the best").isCloseTo(0, within(1e-5));
  }
}
