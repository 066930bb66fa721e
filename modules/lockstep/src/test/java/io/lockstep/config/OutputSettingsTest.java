package io.lockstep.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.Dataset;
import io.lockstep.nn.Bernoulli;
import io.lockstep.nn.Gamma;
import io.lockstep.nn.NegativeBinomial;
import io.lockstep.nn.OutputFamily;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OutputSettingsTest {

  private static final String GEOMETRIC =
      "network.output { family = io.lockstep.config.Geometric,\noptions { %s } }";

  private static Configuration parsed(String hocon) {
    return Configuration.parse(hocon, "x.conf");
  }

  private static OutputFamily family(String output) {
    return parsed("network.output { " + output + " }").toNetwork(3, 2).family();
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void everyFamilyIsCalledAsInTheConfiguration(Family family) {
    assertThat(family("family = " + Choices.nameOf(family)).name())
        .isEqualTo(Choices.nameOf(family));
  }

  @Test
  void linkAndShapeAreThoseAskedFor() {
    assertThat(family("family = bernoulli")).isEqualTo(new Bernoulli());
    assertThat(family("family = bernoulli, link = cloglog"))
        .isEqualTo(new Bernoulli(Bernoulli.Link.CLOGLOG));
    assertThat(family("family = negative-binomial")).isEqualTo(NegativeBinomial.learned());
    assertThat(family("family = negative-binomial, shape = learned"))
        .isEqualTo(NegativeBinomial.learned());
    assertThat(family("family = gamma, shape = 2.5")).isEqualTo(new Gamma(2.5));
  }

  @ParameterizedTest
  @CsvSource({"bernoulli, probit, auto", "gamma, log, 2.5", "negative-binomial, auto, learned"})
  void theResolvedConfigurationLoadsBackEqual(String family, String link, String shape) {
    Configuration configuration =
        parsed(
            "name = run, network.output { family = %s, link = %s, shape = %s }"
                .formatted(family, link, shape));

    assertThat(parsed(configuration.toHocon())).isEqualTo(configuration);
    assertThat(configuration).isNotEqualTo(parsed("name = run, network.output.family = gaussian"));
  }

  @Test
  void aClassWithItsOptionsIsAFamily() {
    Configuration configuration = parsed("name = run, " + GEOMETRIC.formatted("shift = 1"));

    assertThat(configuration.toNetwork(3, 2).toString()).isEqualTo("3-2 geometric");
    assertThat(parsed(configuration.toHocon())).isEqualTo(configuration);
    assertThat(configuration.toHoconOfResult())
        .isNotEqualTo(parsed(GEOMETRIC.formatted("shift = 2")).toHoconOfResult());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "shift = -1 | network.output.options.shift: expected a number of at least 0 but found -1 at"
            + " x.conf:2",
        "shfit = 1 | network.output.options.shfit: unknown key at x.conf:2; did you mean"
            + " network.output.options.shift?",
      })
  void refusesOptionsThatTheFamilyRefuses(String options, String message) {
    Configuration configuration = parsed(GEOMETRIC.formatted(options));

    assertThatThrownBy(() -> configuration.toNetwork(3, 2))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "com.example.Missing | expected a class that comes with the program or in a jar but found"
            + " \"com.example.Missing\" at x.conf:1; name its jar: --jar FILE",
        "java.lang.String | expected a class that implements io.lockstep.nn.OutputFamily but found"
            + " \"java.lang.String\" at x.conf:1",
      })
  void refusesClassesThatAreNoFamilies(String type, String message) {
    Configuration configuration = parsed("network.output.family = " + type);

    assertThatThrownBy(() -> configuration.toNetwork(4, 2))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("network.output.family: " + message);
  }

  @Test
  void refusesALinkOfAClass() {
    assertThatThrownBy(() -> parsed("network.output { family = com.example.F, link = log }"))
        .hasMessage(
            "network.output.link: expected auto (as the family is a class; it may have options) but"
                + " found \"log\" at x.conf:1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "poisson | -1 | -1 | counts (0, 1, 2, …)",
        "negative-binomial | 1.5 | 1.5 | counts (0, 1, 2, …)",
        "bernoulli | 2 | 2 | 0 or 1",
        "gamma | 0 | 0 | numbers above 0",
        "exponential | -0.5 | -0.5 | numbers above 0",
      })
  void refusesTargetsThatTheFamilyCannotHave(
      String family, float target, String found, String support) {
    Configuration configuration = parsed("network.output.family = " + family);
    Dataset data = Dataset.ofFloats("rides", 2, 1, new float[2], new float[] {1, target}, 1);
    OutputFamily output = configuration.toNetwork(data).family();

    assertThatThrownBy(() -> configuration.requireSupport(data, output))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "row 1, column 0 (counted from 0) of rides: %s needs %s but found %s"
                    .formatted(family, support, found)
                + "; network.output.family is set at x.conf:1");
  }

  @Test
  void refusesOneValueOnlyOfABinaryTarget() {
    Configuration configuration = parsed("network.output.family = bernoulli");

    assertThatThrownBy(() -> configuration.toNetwork(ofTargets(1, 1, 1)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "network.output.family: expected both 0 and 1 among the targets of bernoulli but found 1"
                + " in all 3 rows of rides at x.conf:1");
    assertThat(configuration.toNetwork(ofTargets(1, 0, 1)).outputs()).isEqualTo(1);
  }

  private static Dataset ofTargets(float... targets) {
    return Dataset.ofFloats("rides", targets.length, 1, new float[targets.length], targets, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "binomial, bernoulli",
    "Multinomial, categorical",
    "nb, negative-binomial",
    "negbin, negative-binomial",
    "negative.binomial, negative-binomial",
    "normal, gaussian"
  })
  void namesOfRAreTheSameFamilies(String alias, String name) {
    Configuration configuration = parsed("network.output.family = " + alias);
    Configuration usual = parsed("network.output.family = " + name);

    assertThat(configuration).isEqualTo(usual);
    assertThat(configuration.toHocon()).isEqualTo(usual.toHocon());
    assertThat(configuration.toHoconOfResult()).isEqualTo(usual.toHoconOfResult());
  }

  @Test
  void saysHowABinaryResponseOfTextIsFitted() {
    assertThatThrownBy(() -> parsed("network.output.family = binomial").toNetwork(labelled()))
        .hasMessage(
            "network.output.family: expected categorical, which for two texts is logistic regression"
                + " of the second one (as classes has classes), or a response of numbers 0 and 1 but"
                + " found bernoulli at x.conf:1");
  }

  @Test
  void refusesAFamilyOfClassesForValues() {
    Dataset data = Dataset.ofFloats("rides", 2, 1, new float[2], new float[2], 1);

    assertThatThrownBy(() -> parsed("network.output.family = poisson").toNetwork(labelled()))
        .hasMessageContaining(
            "expected categorical or one-hot-squared-error (as classes has classes) but found poisson");
    assertThatThrownBy(() -> parsed("network.output.family = categorical").toNetwork(data))
        .hasMessageContaining(
            "expected a family of values, such as gaussian, bernoulli or poisson (as rides has"
                + " values; in a formula, factor(y) makes classes of them) but found categorical");
    assertThat(parsed("network.output.family = gaussian").toNetwork(data).outputs()).isEqualTo(1);
  }

  private static Dataset labelled() {
    return Dataset.ofFloats("classes", 2, 1, new float[2], new int[] {0, 1}, 2);
  }
}
