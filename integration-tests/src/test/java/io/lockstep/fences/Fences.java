package io.lockstep.fences;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The fences of a source tree, under any root package: {@code io.lockstep} for the product, another
 * for the classes that show that the fences hold.
 */
final class Fences {

  /** From top to bottom; a module may know what stands below it. The façade is the root package. */
  private static final List<String> MODULES =
      List.of(
          "cli",
          "",
          "config",
          "glm",
          "report",
          "forecast",
          "cluster",
          "wire",
          "training",
          "model",
          "data",
          "optim",
          "nn",
          "kernels");

  /** What a module does not know although it stands below: the right column of the table. */
  private static final Map<String, Set<String>> STRANGERS =
      Map.of(
          "report", Set.of("wire"),
          "forecast", Set.of("cluster", "wire"),
          "data", Set.of("optim", "nn"),
          "optim", Set.of("nn"));

  private final String root;

  private Fences(String root) {
    this.root = root;
  }

  /**
   * Returns the fences by name.
   *
   * @param root the package that the modules' packages are in
   */
  static Map<String, ArchRule> of(String root) {
    return new Fences(root).all();
  }

  private Map<String, ArchRule> all() {
    Map<String, ArchRule> all = new LinkedHashMap<>();
    all.put("every class is in a module", everyClassIsInModule());
    all.put("Akka only in cluster", only("cluster", "akka.."));
    all.put("Netty only in wire", only("wire", "io.netty.."));
    all.put("incubator module only in kernels", only("kernels", "jdk.incubator.."));
    all.put("exit only in cli", exitsOnlyInCli());
    all.put("standard streams only in cli", printsOnlyInCli());
    for (String module : MODULES) {
      if (!forbidden(module).isEmpty()) {
        all.put(
            (module.isEmpty() ? "lockstep" : module) + " knows only what is below",
            direction(module));
      }
    }
    return all;
  }

  private ArchRule everyClassIsInModule() {
    return classes().should().resideInAnyPackage(packages(MODULES.stream()));
  }

  private ArchRule only(String module, String library) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(packageOf(module))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library);
  }

  private ArchRule exitsOnlyInCli() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(packageOf("cli"))
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class);
  }

  private ArchRule printsOnlyInCli() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(packageOf("cli"))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace");
  }

  private ArchRule direction(String module) {
    return noClasses()
        .that()
        .resideInAPackage(packageOf(module))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages(forbidden(module).stream()))
        .allowEmptyShould(true); // a module of the table that is still to come
  }

  private List<String> forbidden(String module) {
    List<String> forbidden = new ArrayList<>(MODULES.subList(0, MODULES.indexOf(module)));
    if (module.equals("config")) {
      forbidden.remove(""); // part of the façade's module
    }
    forbidden.addAll(STRANGERS.getOrDefault(module, Set.of()));
    return forbidden;
  }

  private String[] packages(Stream<String> modules) {
    return modules.map(this::packageOf).toArray(String[]::new);
  }

  private String packageOf(String module) {
    return module.isEmpty() ? root : root + "." + module + "..";
  }
}
