package io.lockstep.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The container file, line by line. That its entry point runs in the unpacked distribution is shown
 * when the distribution is built, by {@code deploy/src/check/entrypoint}.
 */
final class ContainerfileTest {

  private static final List<String> INSTRUCTIONS =
      List.of(
          "ARG", "FROM", "ADD", "COPY", "RUN", "USER", "WORKDIR", "EXPOSE", "ENTRYPOINT", "CMD");

  /** A line of the file: its first word, and the rest. */
  private record Instruction(String name, String rest) {}

  @Test
  void hasOnlyKnownInstructionsAndEachStageBeginsWithTheRuntime() {
    assertThat(instructions()).extracting(Instruction::name).isSubsetOf(INSTRUCTIONS);
    assertThat(only("ARG")).isEqualTo("RUNTIME=eclipse-temurin:25-jre");
    assertThat(all("FROM")).containsExactly("${RUNTIME} AS unpacked", "${RUNTIME}");
  }

  @Test
  void addsTheDistributionThatTheBuildMakes() {
    String added = only("ADD").split(" ")[0];
    Matcher name =
        Pattern.compile("<finalName>(.+)</finalName>").matcher(DeployFolder.text("pom.xml"));
    assertThat(name.find()).isTrue();
    String distribution = name.group(1).replace("${project.version}", "0.1.0");

    assertThat(
            FileSystems.getDefault()
                .getPathMatcher("glob:" + added)
                .matches(Path.of(distribution + ".tar.gz")))
        .isTrue();
    assertThat(all("RUN").getFirst()).isEqualTo("mv /unpacked/lockstep-* /opt/lockstep");
    assertThat(only("COPY")).isEqualTo("--from=unpacked /opt/lockstep /opt/lockstep");
  }

  @Test
  void startsTheCommandThatTheDistributionHas() throws Exception {
    List<String> entrypoint =
        List.of(new ObjectMapper().readValue(only("ENTRYPOINT"), String[].class));
    assertThat(entrypoint).containsExactly("/opt/lockstep/bin/lockstep");
    assertThat(DeployFolder.path("../bin/lockstep")).isExecutable();
    assertThat(DeployFolder.text("src/assembly/distribution.xml"))
        .contains("<include>lockstep</include>", "<include>find-jdk</include>");
  }

  @Test
  void runsAsAUserWithoutRightsByNumber() {
    String[] user = only("USER").split(":");

    assertThat(Integer.parseInt(user[0])).isPositive();
    assertThat(all("RUN").get(1))
        .contains("--gid " + user[1], "--uid " + user[0] + " --gid " + user[1]);
  }

  @Test
  void exposesTheUsualPorts() {
    assertThat(only("EXPOSE")).isEqualTo("7355 7356");
  }

  private static String only(String name) {
    assertThat(all(name)).as(name).hasSize(1);
    return all(name).getFirst();
  }

  private static List<String> all(String name) {
    return instructions().stream()
        .filter(instruction -> instruction.name().equals(name))
        .map(Instruction::rest)
        .toList();
  }

  private static List<Instruction> instructions() {
    List<Instruction> instructions = new ArrayList<>();
    DeployFolder.text("container/Containerfile")
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.split(" ", 2))
        .forEach(words -> instructions.add(new Instruction(words[0], words[1])));
    return instructions;
  }
}
