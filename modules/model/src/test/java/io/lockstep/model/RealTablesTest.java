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
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Fits to the design matrices of real tables have R's coefficients, under R's names ({@code
 * glm.json}): found by iteratively reweighted least squares, in double. Without {@code
 * LOCKSTEP_DATA} these tests are skipped, visibly and with a reason.
 */
class RealTablesTest {

  private static JsonNode fits;

  @BeforeAll
  static void readsFits() throws IOException {
    try (InputStream in = RealTablesTest.class.getResourceAsStream("glm.json")) {
      fits = JsonMapper.builder().build().readTree(in);
    }
  }

  /** Mean, derivative of the mean, and variance of a family with its canonical link. */
  private enum Family {
    GAUSSIAN,
    BERNOULLI,
    POISSON;

    double mean(double eta) {
      return switch (this) {
        case GAUSSIAN -> eta;
        case BERNOULLI -> 1 / (1 + Math.exp(-eta));
        case POISSON -> Math.exp(eta);
      };
    }

    /** Of the mean by eta, and the variance as well. */
    double weight(double mean) {
      return switch (this) {
        case GAUSSIAN -> 1;
        case BERNOULLI -> mean * (1 - mean);
        case POISSON -> mean;
      };
    }
  }

  private static Table table(String file) {
    Path path = DataEnvironment.ofProcess().dataFolder(file);
    if (path == null || !Files.isRegularFile(path)) {
      Assumptions.abort("needs LOCKSTEP_DATA: a folder that holds " + file);
    }
    return CsvTable.read(path);
  }

  @Test
  void ebayAsR() {
    String all =
        "PowerSeller + VerifyID + Sealed + MinBlem + MajBlem + LargNeg + LogBook + MinBidShare";
    assertFit("ebay_poisson", "ebay/ebay.csv", "nBids ~ " + all, Family.POISSON);
    assertFit("ebay_poisson", "ebay/ebay.csv", "nBids ~ . - Sold", Family.POISSON);
    assertFit("ebay_gaussian", "ebay/ebay.csv", "nBids ~ " + all, Family.GAUSSIAN);
    assertFit(
        "ebay_sold_bernoulli",
        "ebay/ebay.csv",
        "Sold ~ PowerSeller + MinBlem + MajBlem + LargNeg + LogBook + MinBidShare",
        Family.BERNOULLI);
  }

  @Test
  void bikesAsR() {
    assertFit(
        "bike_poisson",
        "bikeshare/hour.csv",
        "cnt ~ factor(season) + yr + factor(hr) + holiday + workingday + factor(weathersit) + temp + hum + windspeed",
        Family.POISSON);
  }

  @Test
  void penguinsAsR() {
    Table table = table("penguins/penguins.csv");
    JsonNode fit = fits.get("penguins_multinomial");
    EncodedTable encoded =
        TableEncoding.fit(
                Formula.parse("species ~ bill_length_mm + bill_depth_mm"),
                table,
                EncodingOptions.DEFAULT)
            .encode(table);
    assertThat(encoded.classNames()).isEqualTo(texts(fit.get("levels")));
    assertThat(encoded.encoding().coefficientNames())
        .isEqualTo(names(fit.get("coefficients").get(0)));
    EncodedTable complete =
        TableEncoding.fit(Formula.parse("species ~ ."), table, EncodingOptions.DEFAULT)
            .encode(table);
    assertThat(complete.rows()).isEqualTo(fit.get("rows").asInt());
    assertThat(complete.encoding().columns())
        .containsExactly(
            "islandDream",
            "islandTorgersen",
            "bill_length_mm",
            "bill_depth_mm",
            "flipper_length_mm",
            "body_mass_g",
            "sexmale");
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.asText()));
    return texts;
  }

  private static List<String> names(JsonNode coefficients) {
    List<String> names = new ArrayList<>();
    coefficients.fieldNames().forEachRemaining(names::add);
    names.remove("_row");
    return names;
  }

  private static void assertFit(String name, String file, String formula, Family family) {
    Table table = table(file);
    EncodedTable encoded =
        TableEncoding.fit(Formula.parse(formula), table, EncodingOptions.DEFAULT).encode(table);
    JsonNode coefficients = fits.get(name).get("coefficients");
    assertThat(encoded.encoding().coefficientNames()).isEqualTo(names(coefficients));
    double[] beta = fit(encoded, family);
    for (int i = 0; i < beta.length; i++) {
      String coefficient = encoded.encoding().coefficientNames().get(i);
      double standardError = fits.get(name).get("standardErrors").get(coefficient).asDouble();
      assertThat(beta[i])
          .as("%s of %s", coefficient, name)
          .isCloseTo(coefficients.get(coefficient).asDouble(), within(1e-5 * standardError));
    }
  }

  /** Newton's steps on the log-likelihood. */
  private static double[] fit(EncodedTable data, Family family) {
    int width = data.encoding().columns().size();
    double[] x = new double[data.rows() * width];
    data.inputs(0, data.rows(), x);
    double[] beta = new double[width + 1];
    beta[0] = start(data, family);
    for (int iteration = 0; iteration < 12; iteration++) {
      step(data, x, family, beta);
    }
    return beta;
  }

  /** The intercept alone: from 0 a step for counts is far too long. */
  private static double start(EncodedTable data, Family family) {
    double sum = 0;
    for (int row = 0; row < data.rows(); row++) {
      sum += data.response(row);
    }
    return family == Family.POISSON ? Math.log(sum / data.rows()) : 0;
  }

  private static void step(EncodedTable data, double[] x, Family family, double[] beta) {
    int n = beta.length;
    double[][] information = new double[n][n];
    double[] score = new double[n];
    double[] row = new double[n];
    row[0] = 1;
    for (int r = 0; r < data.rows(); r++) {
      System.arraycopy(x, r * (n - 1), row, 1, n - 1);
      double eta = 0;
      for (int i = 0; i < n; i++) {
        eta += row[i] * beta[i];
      }
      double mean = family.mean(eta);
      double weight = family.weight(mean);
      for (int i = 0; i < n; i++) {
        score[i] += row[i] * (data.response(r) - mean);
        for (int j = 0; j <= i; j++) {
          information[i][j] += weight * row[i] * row[j];
        }
      }
    }
    addSolution(information, score, beta);
  }

  /** x = x + a⁻¹ b by Cholesky's decomposition; a is its lower triangle, and overwritten. */
  private static void addSolution(double[][] a, double[] b, double[] x) {
    int n = b.length;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        for (int k = 0; k < j; k++) {
          a[i][j] -= a[i][k] * a[j][k];
        }
        a[i][j] = i == j ? Math.sqrt(a[i][i]) : a[i][j] / a[j][j];
      }
      for (int k = 0; k < i; k++) {
        b[i] -= a[i][k] * b[k];
      }
      b[i] /= a[i][i];
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int k = i + 1; k < n; k++) {
        b[i] -= a[k][i] * b[k];
      }
      b[i] /= a[i][i];
      x[i] += b[i];
    }
  }
}
