package io.lockstep.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.lockstep.data.DatasetCatalog;
import io.lockstep.data.DigitsSource;
import io.lockstep.data.SplitMethod;
import io.lockstep.data.formula.FactorCoding;
import io.lockstep.data.formula.NaAction;
import io.lockstep.data.formula.UnseenLevels;
import io.lockstep.kernels.Activation;
import io.lockstep.kernels.Kernels;
import io.lockstep.nn.Initializer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The reference file says what the program does. */
class ReferenceTest {

  private final Config reference = ConfigFactory.parseResources("lockstep-reference.conf");

  @Test
  void everyKeyThatIsReadIsDocumentedAndEveryDocumentedKeyIsRead() {
    ConfigurationReader reader = new ConfigurationReader();
    reader.text("run", "", "empty");

    assertThat(reader.askedKeys()).containsExactlyInAnyOrderElementsOf(reader.documentedKeys());
  }

  @Test
  void everyKeyIsRenderedIntoTheResolvedConfiguration() {
    Config rendered = ConfigFactory.parseString(Configuration.builder().build().toHocon());

    assertThat(leaves(rendered).keySet()).isEqualTo(leaves(reference).keySet());
  }

  @Test
  void everyKeyHasAComment() {
    assertThat(leaves(reference))
        .allSatisfy((key, value) -> assertThat(value.origin().comments()).as(key).isNotEmpty());
  }

  @Test
  void commentsNameAllValues() {
    assertThat(comment("data.name")).contains(DataSettings.NAMES);
    assertThat(comment("data.split")).contains(Choices.of(SplitMethod.values()).keySet());
    assertThat(comment("data.table.na")).contains(Choices.of(NaAction.values()).keySet());
    assertThat(comment("data.table.unseen")).contains(Choices.of(UnseenLevels.values()).keySet());
    assertThat(comment("data.table.coding")).contains(Choices.of(FactorCoding.values()).keySet());
    assertThat(comment("network.layers")).contains(Choices.of(Activation.values()).keySet());
    assertThat(comment("network.layers")).contains(Choices.of(Initializer.values()).keySet());
    assertThat(comment("network.layers")).contains("type", "units", "activation", "initializer");
    assertThat(comment("network.layers")).contains("dense", "dropout", "rate");
    assertThat(comment("network.output.family")).contains(Choices.of(Family.values()).keySet());
    assertThat(comment("network.output.link")).contains(Choices.of(Link.values()).keySet());
    assertThat(comment("optimizer.name"))
        .contains(Choices.of(OptimizerSettings.Name.values()).keySet());
    assertThat(comment("schedule.name"))
        .contains(Choices.of(ScheduleSettings.Name.values()).keySet());
    assertThat(comment("kernels")).contains(Choices.of(Kernels.Choice.values()).keySet());
  }

  @Test
  void usualInitializersAreThoseOfTheComment() {
    List<Activation> he =
        List.of(Activation.values()).stream()
            .filter(a -> Initializer.forActivation(a) == Initializer.HE_UNIFORM)
            .toList();

    assertThat(he)
        .containsExactlyInAnyOrder(
            Activation.RELU,
            Activation.LEAKY_RELU,
            Activation.ELU,
            Activation.GELU,
            Activation.SILU);
    assertThat(comment("network.layers"))
        .contains("he-uniform after relu, leaky-relu, elu, gelu and silu");
  }

  @Test
  void defaultDigitsAreTheStandardOnes() {
    DataSettings.Digits digits = Configuration.builder().build().data().digits();

    assertThat(digits.train()).isEqualTo(DigitsSource.standard().trainRows());
    assertThat(digits.test()).isEqualTo(DigitsSource.standard().testRows());
    assertThat(digits.seed()).isEqualTo(1);
  }

  @Test
  void dataSetsAreThoseOfTheCatalogAndTables() {
    assertThat(DataSettings.NAMES)
        .containsAll(DatasetCatalog.standard().names())
        .hasSize(DatasetCatalog.standard().names().size() + 1)
        .contains("table");
  }

  @Test
  void theTextIsThatOfTheFile() {
    assertThat(ConfigFactory.parseString(Configuration.reference())).isEqualTo(reference);
  }

  private String comment(String key) {
    return String.join("\n", reference.getValue(key).origin().comments());
  }

  private static Map<String, ConfigValue> leaves(Config config) {
    Map<String, ConfigValue> leaves = new TreeMap<>();
    collect("", config.root(), leaves);
    return leaves;
  }

  private static void collect(String path, ConfigObject section, Map<String, ConfigValue> leaves) {
    section.forEach(
        (key, value) -> {
          String at = path.isEmpty() ? key : path + "." + key;
          if (value instanceof ConfigObject inner) {
            collect(at, inner, leaves);
          } else {
            leaves.put(at, value);
          }
        });
  }
}
