package io.lockstep.glm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.model.CoefficientTable;
import io.lockstep.model.CoefficientTable.Coefficient;
import io.lockstep.nn.Bernoulli;
import io.lockstep.nn.Categorical;
import io.lockstep.nn.Exponential;
import io.lockstep.nn.Gamma;
import io.lockstep.nn.Gaussian;
import io.lockstep.nn.NegativeBinomial;
import io.lockstep.nn.OutputFamily;
import io.lockstep.nn.Poisson;
import io.lockstep.nn.SquaredError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlmSummaryTest {

  private static final List<String> NAMES = List.of("(Intercept)", "x", "z", "fb", "fc");
  private static final List<String> KINDS = List.of("p", "q", "r");

  private static OutputFamily family(String name) {
    return switch (name) {
      case "gaussian" -> new Gaussian();
      case "logit" -> new Bernoulli();
      case "probit" -> new Bernoulli(Bernoulli.Link.PROBIT);
      case "cloglog" -> new Bernoulli(Bernoulli.Link.CLOGLOG);
      case "poisson", "aliased" -> new Poisson();
      case "gamma" -> Gamma.learned();
      case "negative-binomial" -> NegativeBinomial.learned();
      case "exponential" -> new Exponential();
      default -> new Categorical();
    };
  }

  private static CaseRows rows(String response, boolean offset) {
    List<Map<String, String>> rows = RSummaries.rows();
    double[][] x = new double[rows.size()][];
    double[] offsets = new double[rows.size()];
    double[] y = new double[rows.size()];
    for (int i = 0; i < x.length; i++) {
      Map<String, String> row = rows.get(i);
      String f = row.get("f");
      x[i] =
          new double[] {
            Double.parseDouble(row.get("x")),
            Double.parseDouble(row.get("z")),
            f.equals("b") ? 1 : 0,
            f.equals("c") ? 1 : 0
          };
      offsets[i] = offset ? Math.log(Double.parseDouble(row.get("t"))) : 0;
      y[i] =
          response.equals("kind")
              ? KINDS.indexOf(row.get("kind"))
              : Double.parseDouble(row.get(response));
    }
    return new GivenRows(x, offsets, y);
  }

  private static double[][] beta(RSummaries.Fit fit) {
    return fit.coefficients().stream()
        .map(output -> output.values().stream().mapToDouble(figures -> figures[0]).toArray())
        .toArray(double[][]::new);
  }

  /**
   * R takes the information at the coefficients before its last step, which stops at 1e-8 of the
   * deviance: standard errors differ by a few 1e-9. Of multinom the coefficients themselves are
   * only near those of maximum likelihood.
   */
  @ParameterizedTest
  @CsvSource({
    "gaussian, number, false, t, 1e-8",
    "logit, yes, false, z, 1e-8",
    "probit, yes, false, z, 1e-8",
    "cloglog, yes, false, z, 1e-8",
    "poisson, count, true, z, 1e-8",
    "gamma, wait, false, t, 1e-8",
    "negative-binomial, over, false, z, 1e-6",
    "exponential, wait, false, z, 1e-8",
    "multinomial, kind, false, z, 1e-5"
  })
  void isSummaryOfR(
      String name, String response, boolean offset, String statistic, double tolerance) {
    RSummaries.Fit fit = RSummaries.of(name);
    boolean classes = response.equals("kind");
    CoefficientTable table =
        GlmSummary.of(
                new GlmSummary.Fit(
                    family(name),
                    fit.figures()[0],
                    NAMES,
                    classes ? KINDS.subList(1, 3) : List.of("mean0"),
                    classes ? KINDS : List.of(),
                    beta(fit)),
                rows(response, offset))
            .orElseThrow();
    assertFigures(table, fit, tolerance);
    assertThat(table.statistic()).isEqualTo(statistic);
    assertThat(table.newtonStep()).isLessThan(1e-3);
    assertThat(table.warnings()).isEmpty();
    List<double[]> expected = new ArrayList<>();
    fit.coefficients().forEach(output -> expected.addAll(output.values()));
    for (int i = 0; i < expected.size(); i++) {
      assertCoefficient(table.coefficients().get(i), expected.get(i), tolerance);
    }
  }

  private static void assertFigures(CoefficientTable table, RSummaries.Fit fit, double tolerance) {
    double[] found = {
      table.dispersion(),
      table.nullDeviance(),
      table.nullDegreesOfFreedom(),
      table.deviance(),
      table.degreesOfFreedom(),
      table.logLikelihood(),
      table.aic()
    };
    for (int i = 0; i < found.length; i++) {
      double expected = fit.figures()[i + 1];
      assertThat(found[i])
          .as("figure %d", i)
          .isCloseTo(expected, within(tolerance * Math.abs(expected)));
    }
  }

  private static void assertCoefficient(Coefficient found, double[] r, double tolerance) {
    assertThat(found.estimate()).isCloseTo(r[0], within(1e-12 * Math.abs(r[0])));
    assertThat(found.standardError()).as(found.name()).isCloseTo(r[1], within(tolerance * r[1]));
    assertThat(found.statistic()).isCloseTo(r[2], within(tolerance * Math.abs(r[2])));
    assertThat(found.pValue()).isCloseTo(r[3], within(100 * tolerance * r[3]));
  }

  @Test
  void columnMadeUpByOthersIsNaAsInR() {
    RSummaries.Fit fit = RSummaries.of("aliased");
    CaseRows without = rows("count", false);
    double[][] x = new double[without.count()][];
    double[] y = new double[x.length];
    double[] four = new double[4];
    for (int i = 0; i < x.length; i++) {
      without.inputs(i, four);
      x[i] = new double[] {four[0], four[1], 2 * four[0] + four[1], four[2], four[3]};
      y[i] = without.response(i);
    }
    double[] r = beta(fit)[0];
    double[][] shared = {{r[0], r[1] - 0.2, r[2] - 0.1, 0.1, r[3], r[4]}};
    List<String> names = List.of("(Intercept)", "x", "z", "twice", "fb", "fc");
    CoefficientTable table =
        GlmSummary.of(
                new GlmSummary.Fit(new Poisson(), 1, names, List.of("mean0"), List.of(), shared),
                new GivenRows(x, y))
            .orElseThrow();
    assertFigures(table, fit, 1e-9);
    assertThat(table.coefficients().get(3).estimate()).isNull();
    assertThat(table.coefficients().get(1).estimate()).isCloseTo(r[1], within(1e-8));
    assertThat(table.coefficients().get(1).standardError())
        .isCloseTo(fit.coefficients().getFirst().get("x")[1], within(1e-8));
    assertThat(table.warnings())
        .containsExactly(
            "twice is a linear combination of the columns before it: it has no coefficient (NA)");
    assertThat(table.toCsv()).contains("\ntwice,NA,NA,NA,NA\n");
  }

  /** All rows with {@code sex} have the response 1, and training has long been at their limit. */
  @Test
  void columnThatSeparatesIsNoCombinationOfOthers() {
    double[][] x = {{1, 0}, {2, 0}, {1, 0}, {2, 0}, {1, 1}, {2, 1}, {2, 1}};
    double[] y = {0, 1, 1, 0, 1, 1, 1};
    for (double limit : new double[] {9, 20, 60}) {
      CoefficientTable table = bernoulli(x, y, 0, 0, limit);
      assertThat(table.coefficients().get(2).estimate()).isCloseTo(limit, within(1e-9));
      assertThat(table.degreesOfFreedom()).isEqualTo(4);
      assertThat(table.logLikelihood()).isCloseTo(4 * Math.log(0.5), within(1e-3));
      assertThat(table.deviance()).isCloseTo(-2 * table.logLikelihood(), within(1e-12));
      assertThat(table.aic()).isCloseTo(6 - 2 * table.logLikelihood(), within(1e-12));
      assertThat(table.coefficients().get(1).standardError()).isCloseTo(2, within(1e-3));
      assertThat(table.warnings())
          .containsExactly("perfect separation: no row with sex has the response 0");
    }
  }

  @Test
  void countsTheParametersOfAllClassesWhereNothingIsLeftToLearn() {
    double[][] x = {{1, 0}, {2, 1}, {3, 0}, {11, 1}, {12, 0}, {13, 1}, {21, 0}, {22, 1}, {23, 0}};
    double[] y = {0, 0, 0, 1, 1, 1, 2, 2, 2};
    double[][] beta = {{-7000, 1000, 0}, {-24000, 2000, 0}};
    List<String> names = List.of("(Intercept)", "size", "spot");
    CoefficientTable table =
        GlmSummary.of(
                new GlmSummary.Fit(new Categorical(), 1, names, List.of("q", "r"), KINDS, beta),
                new GivenRows(x, y))
            .orElseThrow();
    assertThat(table.aic()).isEqualTo(12);
    assertThat(table.deviance()).isZero();
    assertThat(table.degreesOfFreedom()).isEqualTo(12);
    assertThat(table.coefficients()).allMatch(one -> one.estimate() != null);
    assertThat(table.coefficients()).allMatch(one -> one.standardError() == null);
    assertThat(table.warnings()).singleElement().asString().contains("predicted right");
  }

  private static CoefficientTable bernoulli(double[][] x, double[] y, double... beta) {
    List<String> names = List.of("(Intercept)", "dose", "sex", "age").subList(0, beta.length);
    return GlmSummary.of(
            new GlmSummary.Fit(
                new Bernoulli(), 1, names, List.of("mean0"), List.of(), new double[][] {beta}),
            new GivenRows(x, y))
        .orElseThrow();
  }

  @Test
  void namesColumnsThatSeparate() {
    double[][] x = {{1, 0}, {2, 0}, {3, 1}, {4, 1}, {5, 1}, {6, 0}};
    assertThat(bernoulli(x, new double[] {0, 0, 0, 1, 1, 1}, -35, 10, 0).warnings())
        .containsExactly(
            "perfect separation: dose splits the classes",
            "perfect separation: all rows are predicted right, so that no coefficients are the most likely; these and their standard errors say how long was trained");
    assertThat(bernoulli(x, new double[] {0, 1, 1, 1, 1, 0}, 0, 0, 9).warnings())
        .containsExactly("perfect separation: no row with sex has the response 0");
  }

  @Test
  void warnsOfConstantColumnsOfFewRowsAndOfTrainingCutOff() {
    double[][] x = {{1, 7, 3}, {2, 7, 1}, {1, 7, 2}};
    assertThat(bernoulli(x, new double[] {0, 1, 1}, 0.1, 0, 0, 0).warnings())
        .contains("more coefficients (4) than rows (3): they are not determined")
        .contains("sex is constant: it has no coefficient (NA)");
    double[][] some = {{1}, {2}, {3}, {4}};
    assertThat(bernoulli(some, new double[] {0, 1, 0, 1}, 3, 0).warnings())
        .singleElement()
        .asString()
        .startsWith("not converged: one more step of Fisher's scoring would change (Intercept) by");
  }

  @Test
  void namesTenColumnsWithoutCoefficient() {
    double[][] x = new double[20][13];
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      x[i][0] = i;
      y[i] = i % 2;
    }
    List<String> names = new ArrayList<>(List.of("(Intercept)"));
    for (int j = 0; j < 13; j++) {
      names.add("x" + j);
    }
    CoefficientTable table =
        GlmSummary.of(
                new GlmSummary.Fit(
                    new Bernoulli(), 1, names, List.of("mean0"), List.of(), new double[1][14]),
                new GivenRows(x, y))
            .orElseThrow();
    assertThat(table.warnings().stream().filter(w -> w.contains("(NA)")))
        .hasSize(11)
        .startsWith("x1 is constant: it has no coefficient (NA)")
        .endsWith("2 more columns have no coefficient (NA)");
  }

  @Test
  void plainLossesAndManyCoefficientsHaveNone() {
    double[][] beta = {new double[2]};
    CaseRows two = new GivenRows(new double[][] {{1}, {2}}, new double[] {1, 3});
    List<String> names = List.of("(Intercept)", "x");
    GlmSummary.Fit loss =
        new GlmSummary.Fit(new SquaredError(), 1, names, List.of("mean0"), List.of(), beta);
    assertThat(GlmSummary.of(loss, two)).isEmpty();
    double[][] many = {new double[GlmSummary.MOST_COEFFICIENTS + 1]};
    List<String> tooMany = Collections.nCopies(many[0].length, "x");
    GlmSummary.Fit wide =
        new GlmSummary.Fit(new Poisson(), 1, tooMany, List.of("mean0"), List.of(), many);
    assertThat(GlmSummary.of(wide, two)).isEmpty();
  }

  @Test
  void tailsAreThoseOfR() {
    for (String line : RSummaries.lines("tails.txt")) {
      String[] cells = line.strip().split(" +");
      double x = Double.parseDouble(cells[2]);
      int df = Integer.parseInt(cells[1]);
      double expected = Double.parseDouble(cells[3]);
      double found = cells[0].equals("normal") ? PValues.normal(x) : PValues.student(x, df);
      // The incomplete beta function has 11 digits for many degrees of freedom.
      assertThat(found).as(line).isCloseTo(expected, within(1e-11 * expected + 1e-300));
    }
  }
}
