package io.lockstep.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lockstep.kernels.Panels;
import io.lockstep.nn.OutputFamily.Targets;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Families and links against mpmath (see families.py), R's documentation and their own moments. */
class FamiliesTest {

  /** Of the number itself, or of the largest term that was subtracted for it. */
  private static final double TOLERANCE = 1e-13;

  /** mpmath's 60 digits of 1 show nothing below. */
  private static final double SMALLEST = 1e-50;

  private static final Map<String, UnivariateFamily> BY_NAME =
      Map.of(
          "logit", new Bernoulli(),
          "probit", new Bernoulli(Bernoulli.Link.PROBIT),
          "cloglog", new Bernoulli(Bernoulli.Link.CLOGLOG),
          "poisson", new Poisson(),
          "negative-binomial", NegativeBinomial.learned(),
          "gamma", Gamma.learned(),
          "exponential", new Exponential());

  @Test
  void familiesMatchMpmath() throws IOException {
    JsonNode cases = read().get("cases");
    assertThat(cases).hasSizeGreaterThan(500);
    for (JsonNode c : cases) {
      UnivariateFamily family = BY_NAME.get(c.get("family").asText());
      double y = c.get("y").asDouble();
      double eta = c.get("eta").asDouble();
      double shape = c.get("shape").asDouble(1);
      double terms = terms(family, y, eta, shape);
      check(c, "nll", family.negativeLogLikelihood(y, eta, shape), terms);
      check(c, "gradient", family.gradient(y, eta, shape), 1e-3 * terms);
      check(c, "deviance", family.deviance(y, eta, shape), terms);
      check(c, "mean", family.mean(eta), 0);
      if (family.shape().learned()) {
        check(c, "shapeGradient", family.shapeGradient(y, eta, shape), terms);
      }
    }
  }

  /** What cancels in a log-likelihood; a probability has no such terms, and no excuse. */
  private static double terms(UnivariateFamily family, double y, double eta, double shape) {
    return family instanceof Bernoulli
        ? 0
        : 20 * (1 + y * (1 + Math.abs(eta)) + shape * (1 + Math.abs(eta) + Math.log(1 + shape)));
  }

  private static void check(JsonNode c, String what, double actual, double terms) {
    double expected = c.get(what).asDouble();
    double scale = Math.max(Math.abs(expected), terms);
    assertThat(actual)
        .as(what + " of " + c)
        .isCloseTo(expected, within(TOLERANCE * scale + SMALLEST));
  }

  /** y, η, shape, loss and its derivative in the logarithm of the shape, by mpmath. */
  @Test
  void largeShapesCancelNothing() {
    double[][] negativeBinomials = {
      {0, 0.5, 9.5, 1.5203135805671355, 0.11541236442366236},
      {0, 0.5, 12, 1.5448702518306394, 0.095309164311511023},
      {0, 0.5, 1000000.0, 1.6487199115607078, 1.3591379264423508e-6},
      {0, 0.5, 1000000000000.0, 1.648721270698769, 1.3591409142265348e-12},
      {0, 0.5, 1000000000000000.0, 1.6487212707001268, 1.3591409142295196e-15},
      {3, 0.75, 9.5, 1.7653425908442881, -0.097571976187173329},
      {3, 0.75, 12, 1.7446625260899701, -0.079958237949227752},
      {3, 0.75, 1000000.0, 1.6587605959951844, -1.1101533947634039e-6},
      {3, 0.75, 1000000000000.0, 1.6587594858418398, -1.1101555146668717e-12},
      {3, 0.75, 1000000000000000.0, 1.6587594858407308, -1.1101555146689895e-15},
      {250, 5.25, 9.5, 5.7093731890022974, -0.13930539039383257},
      {250, 5.25, 12, 5.686891687196202, -0.05050663244731982},
      {250, 5.25, 1000000.0, 12.109859421145867, 0.0016404725275984282},
      {250, 5.25, 1000000000000.0, 12.111500247841773, 1.6411842217538973e-9},
      {250, 5.25, 1000000000000000.0, 12.111500249481316, 1.6411842224651079e-12},
    };
    double[][] gammas = {
      {1.25, 0, 9.5, 0.28034114786478163, -0.25362599841867605},
      {1.25, 0, 12, 0.2288489839615748, -0.18466225351677659},
      {1.0009765625, 0, 1000000.0, -5.5113136319299715, -0.023473138792229294},
      {1.0000009536743164, 0, 1000000000000.0, -12.441824009319565, -0.045252938233991749},
      {1.0000000298023224, 0, 1000000000000000.0, -15.906360433421545, -0.055910798973197137},
    };
    for (double[] c : negativeBinomials) {
      checkShape(NegativeBinomial.learned(), c);
    }
    for (double[] c : gammas) {
      checkShape(Gamma.learned(), c);
    }
  }

  private static void checkShape(UnivariateFamily family, double[] c) {
    String what = family.name() + " y " + c[0] + " shape " + c[2];
    assertThat(family.negativeLogLikelihood(c[0], c[1], c[2]))
        .as(what)
        .isCloseTo(c[3], within(1e-11));
    assertThat(family.shapeGradient(c[0], c[1], c[2]))
        .as(what)
        .isCloseTo(c[4], within(1e-11 * Math.abs(c[4])));
  }

  @Test
  void specialFunctionsMatchMpmath() throws IOException {
    JsonNode functions = read().get("functions");
    check(functions.get("logGamma"), SpecialFunctions::logGamma);
    check(functions.get("digamma"), SpecialFunctions::digamma);
    check(functions.get("logNormalCdf"), SpecialFunctions::logNormalCdf);
  }

  private static void check(JsonNode points, DoubleUnaryOperator f) {
    for (JsonNode point : points) {
      double expected = point.get(1).asDouble();
      assertThat(f.applyAsDouble(point.get(0).asDouble()))
          .as(point.toString())
          .isCloseTo(expected, within(3e-15 * Math.max(20, Math.abs(expected))));
    }
  }

  private static JsonNode read() throws IOException {
    try (InputStream in = FamiliesTest.class.getResourceAsStream("families.json")) {
      return new ObjectMapper().readTree(in);
    }
  }

  /** A float overflows at 3.4e38; nothing on the way there is NaN. */
  @Test
  void nothingIsNaNHoweverLargeThePredictorIs() {
    double[] etas = {1e-30, 30, 89, 104, 700, 746, 1e4, 1e9, 3e38};
    for (UnivariateFamily family : BY_NAME.values()) {
      for (double size : etas) {
        for (double eta : new double[] {size, -size}) {
          for (double y : new double[] {0, 1, 5}) {
            if (family.supports(y)) {
              String what = family.name() + " y " + y + " eta " + eta;
              assertThat(family.negativeLogLikelihood(y, eta, 2)).as(what).isNotNaN();
              assertThat(family.gradient(y, eta, 2)).as(what).isNotNaN();
              assertThat(family.deviance(y, eta, 2)).as(what).isNotNaN();
              assertThat(family.mean(eta)).as(what).isNotNaN().isNotNegative();
            }
          }
        }
      }
    }
  }

  @Test
  void devianceIsZeroWhereTheMeanIsTheResponse() {
    for (UnivariateFamily family : BY_NAME.values()) {
      if (!(family instanceof Bernoulli)) {
        for (double y : new double[] {1, 2, 41}) {
          assertThat(family.deviance(y, Math.log(y), 2)).isCloseTo(0, within(1e-13 * y));
        }
      }
    }
  }

  /** The example of R's help page on glm, from Dobson (1990): three outcomes by treatments. */
  @Test
  void devianceAndLogLikelihoodOfThePoissonModelInRsManualAreRs() {
    double[] counts = {18, 17, 15, 20, 10, 20, 25, 13, 12};
    double[] means = {21, 40.0 / 3, 47.0 / 3};
    Poisson family = new Poisson();
    double deviance = 0;
    double logLikelihood = 0;
    double nullDeviance = 0;
    for (int i = 0; i < counts.length; i++) {
      double eta = Math.log(means[i % 3]);
      deviance += family.deviance(counts[i], eta, 1);
      logLikelihood -= family.negativeLogLikelihood(counts[i], eta, 1);
      nullDeviance += family.deviance(counts[i], Math.log(150.0 / 9), 1);
    }
    assertThat(deviance).isCloseTo(5.1291, within(5e-5));
    assertThat(nullDeviance).isCloseTo(10.5814, within(5e-5));
    assertThat(2 * 5 - 2 * logLikelihood).as("AIC").isCloseTo(56.76, within(5e-3));
  }

  private record Moments(
      OutputFamily family, double eta, double shape, double mean, double variance) {}

  @Test
  void drawsHaveTheMomentsOfTheirDistribution() {
    for (Moments m :
        List.of(
            new Moments(new Gaussian(), -1.5, 1, -1.5, 1),
            new Moments(new Bernoulli(), 0, 1, 0.5, 0.25),
            new Moments(new Bernoulli(Bernoulli.Link.PROBIT), 1, 1, 0.841345, 0.133484),
            new Moments(new Poisson(), Math.log(0.3), 1, 0.3, 0.3),
            new Moments(new Poisson(), Math.log(6), 1, 6, 6),
            new Moments(new Poisson(), Math.log(75), 1, 75, 75),
            new Moments(new NegativeBinomial(2), Math.log(4), 2, 4, 12),
            new Moments(new NegativeBinomial(0.5), Math.log(30), 0.5, 30, 1830),
            new Moments(new Gamma(0.5), Math.log(2), 0.5, 2, 8),
            new Moments(new Gamma(4), Math.log(3), 4, 3, 2.25),
            new Moments(new Exponential(), Math.log(5), 1, 5, 25))) {
      check(m);
    }
  }

  /** The error of a mean is √(variance / draws); 5 of them never happen, and the seed is fixed. */
  private static void check(Moments m) {
    int draws = 200_000;
    DoubleSupplier uniforms = new SplittableRandom(7)::nextDouble;
    double[] y = new double[1];
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < draws; i++) {
      m.family().sample(new double[] {m.eta()}, m.shape(), uniforms, y);
      assertThat(m.family().supports(y[0])).isTrue();
      sum += y[0];
      squares += (y[0] - m.mean()) * (y[0] - m.mean());
    }
    String what = m.toString();
    assertThat(sum / draws)
        .as(what)
        .isCloseTo(m.mean(), within(5 * Math.sqrt(m.variance() / draws)));
    assertThat(squares / draws / m.variance()).as(what).isCloseTo(1, within(0.05));
  }

  @Test
  void drawsOfClassesHaveTheProbabilitiesOfTheSoftmax() {
    DoubleSupplier uniforms = new SplittableRandom(7)::nextDouble;
    double[] eta = {Math.log(0.2), -1e9, Math.log(0.7), Math.log(0.1)};
    int[] counts = new int[4];
    double[] y = new double[1];
    for (int i = 0; i < 100_000; i++) {
      new Categorical().sample(eta, 1, uniforms, y);
      counts[(int) y[0]]++;
    }
    assertThat(counts[0] / 1e5).isCloseTo(0.2, within(0.01));
    assertThat(counts[1]).isZero();
    assertThat(counts[2] / 1e5).isCloseTo(0.7, within(0.01));
  }

  /** σ(0) = ½, σ(±log 3) = ¾ and ¼. */
  @Test
  void squaredErrorOfClassesIsThatOfLogisticOutputs() {
    float log3 = (float) Math.log(3);
    Network network = Network.builder(1).output(new OneHotSquaredError(), 3);
    Samples samples =
        new Samples(
            new float[][] {{0}, {0}}, new int[] {1, 0}, new float[][] {{0, 0, 0}, {0, 0, 0}});
    float[] theta = network.parameters().toPacked(new float[] {0, 0, 0, 0, log3, -log3});
    Pass pass = new Pass(network, KernelSets.scalar(), 2);
    samples.fill(pass, 0, 2);
    Sums sums = new Sums();

    pass.evaluate(theta, 2, 2, sums);
    float[] means = new float[6];
    pass.predict(theta, 2, means, 0);

    double ofLabel1 = 0.25 + 0.0625 + 0.0625;
    double ofLabel0 = 0.25 + 0.5625 + 0.0625;
    assertThat(sums.loss).isCloseTo(ofLabel1 + ofLabel0, within(1e-6));
    assertThat(sums.correct).isEqualTo(1);
    assertThat(sums.deviance).isZero();
    assertThat(means)
        .containsExactly(new float[] {0.5f, 0.75f, 0.25f, 0.5f, 0.75f, 0.25f}, within(1e-6f));
  }

  /** The gradient is 2 (a − 1) a (1 − a), which is not 0 yet where 1 − a rounds to 0. */
  @Test
  void squaredErrorOfClassesIsExactWhereOutputsSaturate() {
    OneHotSquaredError family = new OneHotSquaredError();
    int length = Panels.paddedColumns(2);
    float[] eta = new float[length];
    eta[0] = 40;
    eta[1] = -3e30f;
    float[] dEta = new float[length];
    float[] loss = new float[1];
    Targets targets = new Targets(new int[] {0}, new int[1], new float[0]);

    family.loss(KernelSets.scalar(), 1, 2, eta, 0, targets, dEta, 0, loss);

    float rest = (float) Math.exp(-40);
    assertThat(loss[0]).isCloseTo(rest * rest, within(1e-6f * rest * rest));
    assertThat(dEta[0]).isCloseTo(-2 * rest * rest, within(1e-6f * rest * rest));
    assertThat(dEta[1]).isZero();
  }

  @Test
  void aResponseOutsideOfTheSupportIsKnown() {
    assertThat(new Poisson().supports(-1)).isFalse();
    assertThat(new Poisson().supports(1.5)).isFalse();
    assertThat(new NegativeBinomial(1).supports(3)).isTrue();
    assertThat(new Gamma(1).supports(0)).isFalse();
    assertThat(new Bernoulli().supports(2)).isFalse();
    assertThat(new Gaussian().supports(-7)).isTrue();
  }

  @Test
  void aShapeThatIsNotAboveZeroIsRefused() {
    assertThatThrownBy(() -> new NegativeBinomial(0))
        .hasMessage("size: expected a finite number above 0 but found 0.0");
    assertThatThrownBy(() -> new Gamma(Double.NaN))
        .hasMessage("shape: expected a finite number above 0 but found NaN");
  }
}
