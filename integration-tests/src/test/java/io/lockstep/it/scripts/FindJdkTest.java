package io.lockstep.it.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bin/find-jdk} on machines with old, new, several and no JDKs. */
final class FindJdkTest {

  @TempDir private Path folder;
  private StandInMachine machine;
  private Path findJdk;

  @BeforeEach
  void copyScripts() throws IOException {
    machine = new StandInMachine(folder);
    findJdk = machine.scripts("checkout").resolve("find-jdk");
  }

  private void finds(Path home, String... options) throws Exception {
    StandInMachine.Ended ended = machine.run(findJdk, options);
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out()).containsExactly(home.toString());
    assertThat(ended.exitCode()).isZero();
  }

  private String refusal(String... options) throws Exception {
    StandInMachine.Ended ended = machine.run(findJdk, options);
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).hasSize(1);
    return ended.err().getFirst();
  }

  @ParameterizedTest
  @CsvSource({
    "17.0.9, usr/lib/jvm/java-25-openjdk",
    "1.8.0_392, opt/jdk-25",
    "24, usr/java/jdk-25",
    "21.0.1, home/.sdkman/candidates/java/25-tem",
    "11.0.2, home/.jdks/temurin-25"
  })
  void findsAJdk25BesideAnOlderDefault(String older, String place) throws Exception {
    machine.makeDefault(machine.jdk("usr/lib/jvm/default", older));
    Path newer = machine.jdk(place, "25.0.1");

    finds(newer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"25", "25.0.1", "26-ea"})
  void prefersTheDefaultWhereItFits(String version) throws Exception {
    machine.jdk("usr/lib/jvm/another", "25");
    Path usual = machine.jdk("usr/lib/jvm/usual", version);
    machine.makeDefault(usual);

    finds(usual);
  }

  @Test
  void asksAJavaWithoutAReleaseFileForItsVersion() throws Exception {
    Path home = machine.jdk("usr/lib/jvm/plain", "");
    Files.delete(home.resolve("release"));
    Files.writeString(
        home.resolve("bin/java"), "#!/bin/sh\necho 'openjdk version \"25.0.1\" 2025-10-21' >&2\n");

    finds(home);
  }

  @Test
  void asksTheShimOfAVersionManagerWhereItLeads() throws Exception {
    Path home = machine.jdk("home/.manager/versions/25", "25.0.1");
    machine.command("java", "#!/bin/sh\necho \"    java.home = %s\" >&2\n".formatted(home));

    finds(home);
  }

  @Test
  void aRuntimeIsEnoughToRunButNotToBuild() throws Exception {
    Path home = machine.runtime("usr/lib/jvm/jre-25", "25.0.1");

    assertThat(refusal()).contains("no JDK 25 or newer found");
    finds(home, "--runtime");
  }

  @Test
  void theUsersChoiceIsNotOverruledInSilence() throws Exception {
    machine.jdk("usr/lib/jvm/java-25", "25.0.1");
    machine.set("LOCKSTEP_JAVA_HOME", machine.jdk("opt/chosen", "17.0.9").toString());

    assertThat(refusal())
        .isEqualTo(
            "lockstep: LOCKSTEP_JAVA_HOME=%s is not the home of a JDK 25 or newer"
                .formatted(machine.at("opt/chosen")));

    Path fitting = machine.jdk("opt/fitting", "25.0.1");
    machine.set("LOCKSTEP_JAVA_HOME", fitting.toString());
    finds(fitting);
  }

  @Test
  void saysInOneLineWhatToInstall() throws Exception {
    machine.makeDefault(machine.jdk("usr/lib/jvm/java-17", "17.0.9"));

    assertThat(refusal())
        .startsWith("lockstep: no JDK 25 or newer found; install one (")
        .endsWith("or https://adoptium.net) or set LOCKSTEP_JAVA_HOME");
  }
}
