package io.lockstep.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.nn.CustomLayer;
import io.lockstep.nn.LayerOptions;
import io.lockstep.nn.Leaf;
import io.lockstep.nn.Network.LayerSummary;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CustomLayersTest {

  /** An abstract class, without the constructor. */
  public abstract static class Abstract implements CustomLayer {}

  /** A layer without the constructor. */
  public static final class Without implements CustomLayer {

    @Override
    public int width() {
      return 1;
    }

    @Override
    public void forward(Leaf leaf) {}

    @Override
    public void backward(Leaf leaf) {}
  }

  /** A layer whose output has no columns. */
  public static final class Shapeless implements CustomLayer {

    public Shapeless(int in, LayerOptions options) {}

    @Override
    public int width() {
      return 0;
    }

    @Override
    public void forward(Leaf leaf) {}

    @Override
    public void backward(Leaf leaf) {}
  }

  private static final String SLOPE = "network.layers = [{ type = io.lockstep.config.Slope";

  private static Configuration parsed(String hocon) {
    return Configuration.parse(hocon, "x.conf");
  }

  @Test
  void aClassWithItsOptionsIsALayer() {
    Configuration configuration =
        parsed(SLOPE + ", first = 0.5 }, { type = dense, units = 3 }" + slope(""));

    assertThat(configuration.toNetwork(4, 2).summary())
        .startsWith(
            new LayerSummary("slope1", "slope", "first 0.5", 4, 4),
            new LayerSummary("dense1", "dense", "relu, he_uniform", 3, 15),
            new LayerSummary("slope2", "slope", "first 1.0", 3, 3));
  }

  private static String slope(String options) {
    return ", { type = io.lockstep.config.Slope" + options + " } ]";
  }

  @Test
  void theResolvedConfigurationLoadsBackEqualAndTheBuilderMakesTheSame() {
    Configuration configuration =
        parsed("name = run, " + SLOPE + ", first = 2 }" + slope(", width = 7, fail = false"));

    assertThat(parsed(configuration.toHocon())).isEqualTo(configuration);
    assertThat(configuration)
        .isEqualTo(
            Configuration.builder()
                .custom(Slope.class, Map.of("first", 2))
                .custom(Slope.class, Map.of("width", 7, "fail", false))
                .build())
        .isNotEqualTo(Configuration.builder().custom(Slope.class, Map.of("first", 3)).build());
    assertThat(configuration.toHoconOfResult())
        .isNotEqualTo(parsed(SLOPE + ", first = 3 } ]").toHoconOfResult());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "com.example.Missing | expected a class that comes with the program or in a jar but found"
            + " \"com.example.Missing\" at x.conf:2; name its jar: --jar FILE",
        "java.lang.String | expected a class that implements io.lockstep.nn.CustomLayer but found"
            + " \"java.lang.String\" at x.conf:2",
        "io.lockstep.config.CustomLayersTest$Abstract | expected a class that implements"
            + " io.lockstep.nn.CustomLayer but found"
            + " \"io.lockstep.config.CustomLayersTest$Abstract\" at x.conf:2",
        "io.lockstep.config.CustomLayersTest$Without | expected a public class with a public"
            + " constructor (int, LayerOptions) but found"
            + " \"io.lockstep.config.CustomLayersTest$Without\" at x.conf:2",
        "io.lockstep.config.CustomLayersTest$Shapeless | expected a layer whose shapes fit but found"
            + " \"io.lockstep.config.CustomLayersTest$Shapeless\" at x.conf:2:"
            + " java.lang.IllegalArgumentException: shapeless1 width: expected at least 1 column but"
            + " found 0",
      })
  void refusesClassesThatAreNoLayers(String type, String message) {
    Configuration configuration = parsed("network.layers = [\n{ type = \"%s\" } ]".formatted(type));

    assertThatThrownBy(() -> configuration.toNetwork(4, 2))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("network.layers[0].type: " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "first = 0 | .first: expected a number other than 0 but found 0 at x.conf:2",
        "first = steep | .first: expected a number but found \"steep\" at x.conf:2",
        "width = 0 | .width: expected a whole number of at least 1 but found 0 at x.conf:2",
        "fail = maybe | .fail: expected true or false but found \"maybe\" at x.conf:2",
        "fail = true | .why: expected a text but the key is missing at x.conf:1",
        "fail = true, whi = enough | .why: expected a text but the key is missing at x.conf:1;"
            + " found whi there, did you mean why?",
        "frist = 2 | .frist: unknown key at x.conf:2; did you mean network.layers[0].first?",
        "fail = true, why = enough | .type: expected a layer for an input of 4 columns but found"
            + " \"io.lockstep.config.Slope\" at x.conf:1: java.lang.IllegalStateException: enough",
      })
  void refusesOptionsThatTheLayerRefuses(String options, String message) {
    Configuration configuration = parsed(SLOPE + ",\n" + options + " } ]");

    assertThatThrownBy(() -> configuration.toNetwork(4, 2))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("network.layers[0]" + message);
  }
}
