package io.lockstep.it.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code bin/lockstep} and {@code bin/test} on a machine whose default Java is 17: with stand-ins
 * for Maven and Java, that show how they are called, and, in an unpacked distribution, for real.
 */
final class StartScriptsTest {

  /** Notes how it is called, and leaves what the build of the command leaves. */
  private static final String MAVEN =
      """
      #!/bin/sh
      echo "$JAVA_HOME $*" >>../maven-calls
      mkdir -p modules/cli/target/lockstep/lib
      touch modules/cli/target/lockstep/built
      """;

  private static final String SOURCE = "modules/cli/src/main/Command.java";
  private static final String TEST_SOURCE = "modules/cli/src/test/CommandTest.java";

  private static final String[] SHORT_TRAINING = {
    "train",
    "--set",
    "data.digits.train=500",
    "--set",
    "data.digits.test=100",
    "--set",
    "train.maxSteps=5",
    "--quiet"
  };

  @TempDir private Path folder;
  private StandInMachine machine;
  private Path bin;

  @BeforeEach
  void checkOut() throws IOException {
    machine = new StandInMachine(folder);
    machine.makeDefault(machine.jdk("usr/lib/jvm/java-17", "17.0.9"));
    bin = machine.scripts("checkout");
    for (String file : List.of("pom.xml", "conf/digits.conf", SOURCE, TEST_SOURCE)) {
      Path path = machine.at("checkout").resolve(file);
      Files.createDirectories(path.getParent());
      Files.createFile(path);
    }
  }

  private StandInMachine.Ended lockstep(String... arguments) throws Exception {
    return machine.run(bin.resolve("lockstep"), arguments);
  }

  private List<String> mavenCalls() throws IOException {
    Path calls = machine.at("maven-calls");
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  /** As an editor does some time after the build. */
  private void edit(String file) throws IOException {
    FileTime built =
        Files.getLastModifiedTime(machine.at("checkout/modules/cli/target/lockstep/built"));
    Files.setLastModifiedTime(
        machine.at("checkout").resolve(file), FileTime.fromMillis(built.toMillis() + 10_000));
  }

  @Test
  void buildsAndRunsWithAJdk25ThatIsNotTheDefault() throws Exception {
    Path jdk = machine.jdk("usr/lib/jvm/java-25", "25.0.1");
    machine.command("mvn", MAVEN);

    StandInMachine.Ended ended = lockstep("train", "a b", "--set", "train.batch=64");

    assertThat(ended.exitCode()).isZero();
    assertThat(mavenCalls()).singleElement().asString().startsWith(jdk + " ").endsWith(" package");
    assertThat(ended.err())
        .containsExactly(
            "lockstep: first start, building; this takes a minute or two (log: target/build.log)");
    assertThat(ended.out())
        .startsWith(jdk.resolve("bin/java").toString(), "--add-modules=jdk.incubator.vector")
        .containsSubsequence(
            "-cp",
            machine.at("checkout/modules/cli/target/lockstep/lib") + "/*",
            "io.lockstep.cli.Main")
        .endsWith("io.lockstep.cli.Main", "train", "a b", "--set", "train.batch=64");
  }

  @Test
  void buildsAgainOnlyWhenASourceIsNewer() throws Exception {
    machine.jdk("usr/lib/jvm/java-25", "25.0.1");
    machine.command("mvn", MAVEN);
    lockstep("train");

    assertThat(lockstep("train").err()).isEmpty();
    edit(TEST_SOURCE);
    assertThat(lockstep("train").err()).isEmpty();
    assertThat(mavenCalls()).hasSize(1);

    edit(SOURCE);
    assertThat(lockstep("train").err())
        .containsExactly("lockstep: sources changed, building (log: target/build.log)");
    assertThat(mavenCalls()).hasSize(2);
  }

  @Test
  void showsTheLogOfABuildThatFailsAndRunsNothing() throws Exception {
    machine.jdk("usr/lib/jvm/java-25", "25.0.1");
    machine.command("mvn", "#!/bin/sh\necho 'a mistake in line 3'\nexit 1\n");

    StandInMachine.Ended ended = lockstep("train");

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).contains("a mistake in line 3");
    assertThat(ended.err().getLast()).startsWith("lockstep: the build failed; its log is above");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lockstep", "test"})
  void withoutAJdk25TheySayInOneLineWhatToInstall(String script) throws Exception {
    machine.command("mvn", MAVEN);

    StandInMachine.Ended ended = machine.run(bin.resolve(script), "train");

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .singleElement()
        .asString()
        .startsWith("lockstep: no JDK 25 or newer found; install one (");
    assertThat(mavenCalls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lockstep", "test"})
  void withoutMavenTheySayInOneLineWhatToInstall(String script) throws Exception {
    machine.jdk("usr/lib/jvm/java-25", "25.0.1");

    StandInMachine.Ended ended = machine.run(bin.resolve(script), "train");

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .singleElement()
        .asString()
        .startsWith("lockstep: needs Maven 3.8 or newer")
        .contains("install");
  }

  @Test
  void testsWithAJdk25ThatIsNotTheDefault() throws Exception {
    Path jdk = machine.jdk("opt/jdk-25", "25.0.1");
    machine.command("mvn", MAVEN);

    StandInMachine.Ended ended = machine.run(bin.resolve("test"), "-pl", "modules/nn");

    assertThat(ended.exitCode()).isZero();
    assertThat(mavenCalls()).containsExactly(jdk + " -B -ntp verify -pl modules/nn");
  }

  /** As the build leaves it for the JDK that made it. */
  private void cacheOf(String lib, String jdk) throws IOException {
    Path folder = Files.createDirectories(machine.at(lib));
    Files.writeString(folder.resolve("java-" + jdk + ".aot"), "no cache of any JVM");
  }

  @Test
  void startsWithTheCacheThatThisVeryJdkHasMade() throws Exception {
    machine.jdk("usr/lib/jvm/java-25", "25.0.1");
    machine.command("mvn", MAVEN);
    lockstep("train");
    String lib = "checkout/modules/cli/target/lockstep/lib";

    cacheOf(lib, "25.0.2+10");
    assertThat(lockstep("train").out())
        .contains("--add-modules=jdk.incubator.vector")
        .noneMatch(word -> word.startsWith("-XX:AOTCache"));

    cacheOf(lib, "25.0.1+8");
    assertThat(lockstep("train").out())
        .contains("-XX:AOTCache=" + machine.at(lib).resolve("java-25.0.1+8.aot"))
        .doesNotContain("--add-modules=jdk.incubator.vector");
  }

  @Test
  void trainsWithoutAWordWhereTheCacheDoesNotFit() throws Exception {
    Path start = machine.distribution();
    StandInMachine.Ended without = machine.run(start, SHORT_TRAINING);

    cacheOf("opt/lockstep/lib", Runtime.version().toString());
    StandInMachine.Ended with = machine.run(start, SHORT_TRAINING);

    assertThat(with.err()).isEmpty(); // No word of SIMD that is missing either.
    assertThat(with.exitCode()).isZero();
    assertThat(weights(with)).isEqualTo(weights(without)).isNotEmpty();
  }

  /** What users run: the module that comes later, the kernels that are compiled at once. */
  @Test
  void trainsToTheSameWeightsWithACacheOfItsOwn() throws Exception {
    Path start = machine.distribution();
    StandInMachine.Ended without = machine.run(start, SHORT_TRAINING);

    StandInMachine.Ended made = machine.run(start.resolveSibling("cache-start"));
    assertThat(made.err()).isEmpty();
    assertThat(made.exitCode()).isZero();
    try (Stream<Path> files = Files.list(machine.at("opt/lockstep/lib"))) {
      assertThat(files.filter(file -> !file.toString().endsWith(".jar")))
          .singleElement()
          .asString()
          .endsWith("java-" + Runtime.version() + ".aot");
    }

    machine.set("LOCKSTEP_JAVA_OPTS", "-XX:AOTMode=on"); // No start where it does not fit.
    assertThat(weights(machine.run(start, SHORT_TRAINING))).isEqualTo(weights(without)).hasSize(1);
    String[] launch = SHORT_TRAINING.clone();
    launch[0] = "launch";
    StandInMachine.Ended launched = machine.run(start, launch);
    assertThat(launched.exitCode()).as(String.join("\n", launched.err())).isZero();
    assertThat(weights(launched)).isEqualTo(weights(without));
    assertThat(machine.run(start, "doctor").out())
        .anyMatch(line -> line.matches("(ok|warn) +SIMD .*"))
        .noneMatch(line -> line.contains("vector module"));
  }

  private static List<String> weights(StandInMachine.Ended ended) {
    return ended.out().stream().filter(line -> line.startsWith("weights ")).toList();
  }

  /** The command that this build has made, started as its users start it. */
  @Test
  void trainsFromADistributionThroughALink() throws Exception {
    Path link = Files.createSymbolicLink(machine.at("home/lockstep"), machine.distribution());
    String[] words = Arrays.copyOf(SHORT_TRAINING, SHORT_TRAINING.length + 2);
    words[SHORT_TRAINING.length] = "--out";
    words[SHORT_TRAINING.length + 1] = "run";

    StandInMachine.Ended ended = machine.run(link, words);

    assertThat(ended.exitCode()).as(String.join("\n", ended.err())).isZero();
    assertThat(weights(ended)).singleElement().asString().matches("weights  sha256 [0-9a-f]{64}");
    assertThat(machine.at("home/run/run.json")).isRegularFile();
  }
}
