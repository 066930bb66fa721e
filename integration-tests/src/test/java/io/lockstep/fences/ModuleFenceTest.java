package io.lockstep.fences;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the product to the table of modules, and shows that each fence stops a class that breaks
 * it.
 */
final class ModuleFenceTest {

  private static final String PRODUCT = "io.lockstep";
  private static final String FIXTURE = "io.lockstep.fences.fixture";

  private static final JavaClasses PRODUCT_CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(PRODUCT);
  private static final JavaClasses FIXTURE_CLASSES =
      new ClassFileImporter().importPackages(FIXTURE);

  /**
   * The classes of the fixture that break a fence; the fences not named here are broken by none.
   */
  private static final Map<String, List<String>> BREACHES =
      Map.ofEntries(
          Map.entry("every class is in a module", List.of("stray.InNoModule")),
          Map.entry("Akka only in cluster", List.of("training.UsesAkka")),
          Map.entry("Netty only in wire", List.of("training.UsesNetty")),
          Map.entry("incubator module only in kernels", List.of("nn.UsesVectors")),
          Map.entry("exit only in cli", List.of("data.Exits")),
          Map.entry("standard streams only in cli", List.of("data.Prints")),
          Map.entry("lockstep knows only what is below", List.of("KnowsCommand")),
          Map.entry("report knows only what is below", List.of("report.KnowsWire")),
          Map.entry("forecast knows only what is below", List.of("forecast.KnowsCluster")),
          Map.entry("wire knows only what is below", List.of("wire.KnowsCluster")),
          Map.entry("model knows only what is below", List.of("model.KnowsTraining")),
          Map.entry("data knows only what is below", List.of("data.KnowsNetwork")),
          Map.entry("optim knows only what is below", List.of("optim.KnowsNetwork")),
          Map.entry("kernels knows only what is below", List.of("kernels.KnowsNetwork")));

  @ParameterizedTest(name = "{0}")
  @MethodSource("productFences")
  void productKeepsFence(String name, ArchRule fence) {
    fence.as(name).check(PRODUCT_CLASSES);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fixtureFences")
  void fenceStopsExactlyTheClassesThatBreakIt(String name, ArchRule fence) {
    assertThat(offenders(fence)).containsExactlyElementsOf(BREACHES.getOrDefault(name, List.of()));
  }

  @Test
  void everyNamedBreachIsOfFence() {
    assertThat(Fences.of(FIXTURE).keySet()).containsAll(BREACHES.keySet());
  }

  @Test
  void seesClassesOfEveryModuleThatExists() {
    assertThat(PRODUCT_CLASSES.stream().map(type -> type.getPackageName()).distinct())
        .contains(
            "io.lockstep.cli",
            "io.lockstep",
            "io.lockstep.report",
            "io.lockstep.forecast.time",
            "io.lockstep.cluster",
            "io.lockstep.training",
            "io.lockstep.model",
            "io.lockstep.data",
            "io.lockstep.optim",
            "io.lockstep.nn",
            "io.lockstep.kernels");
  }

  /** The fixture's top-level classes that the fence reports, without their root package, sorted. */
  private static TreeSet<String> offenders(ArchRule fence) {
    Pattern first = Pattern.compile("<?" + Pattern.quote(FIXTURE) + "\\.([\\w.]*[A-Z]\\w*)");
    TreeSet<String> offenders = new TreeSet<>();
    for (String line : fence.evaluate(FIXTURE_CLASSES).getFailureReport().getDetails()) {
      var matcher = first.matcher(line);
      assertThat(matcher.find()).as(line).isTrue();
      offenders.add(matcher.group(1));
    }
    return offenders;
  }

  private static Stream<Arguments> productFences() {
    return arguments(PRODUCT);
  }

  private static Stream<Arguments> fixtureFences() {
    return arguments(FIXTURE);
  }

  private static Stream<Arguments> arguments(String root) {
    return Fences.of(root).entrySet().stream()
        .map(fence -> Arguments.of(fence.getKey(), fence.getValue()));
  }
}
