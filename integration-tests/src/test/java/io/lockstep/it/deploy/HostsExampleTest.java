package io.lockstep.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The hosts example has the form that its own comment states, and the comment names every key. */
final class HostsExampleTest {

  private static final Map<String, String> VALUES =
      Map.of(
          "user", "[a-z_][a-z0-9_-]*",
          "port", "[0-9]{1,5}",
          "slots", "[1-9][0-9]*",
          "roles", "(worker|parameter-server)(,(worker|parameter-server))*",
          "dir", "/\\S+",
          "data", "/\\S+",
          "java-opts", "\"[^\"]+\"|\\S+",
          "address", "[0-9a-f.:]+");

  private static final String TEXT = DeployFolder.text("ssh/hosts.conf");

  @Test
  void everyLineIsAHostWithKnownKeys() {
    assertThat(hosts()).isNotEmpty().allMatch(line());
  }

  @Test
  void everyKeyIsShownAndExplained() {
    for (String key : VALUES.keySet()) {
      assertThat(hosts()).as(key).anyMatch(host -> host.contains(" " + key + "="));
      assertThat(TEXT.lines()).as(key).anyMatch(explanation(key));
    }
  }

  @Test
  void itsCommandHasOptionsOfLaunch() {
    String command =
        TEXT.lines().filter(line -> line.contains("lockstep launch")).findFirst().orElseThrow();

    CommandOptions.of("launch").require(List.of(command.strip().split(" +")));
    assertThat(command).contains("--hosts deploy/ssh/hosts.conf");
  }

  private static Predicate<String> line() {
    StringBuilder pattern = new StringBuilder("[A-Za-z0-9.-]+");
    String keys =
        VALUES.entrySet().stream()
            .map(entry -> entry.getKey() + "=(?:" + entry.getValue() + ")")
            .reduce((one, other) -> one + "|" + other)
            .orElseThrow();
    pattern.append("(\\s+(").append(keys).append("))*\\s*");
    return Pattern.compile(pattern.toString()).asMatchPredicate();
  }

  private static Predicate<String> explanation(String key) {
    return Pattern.compile("# {3}([a-z-]+, )?" + key + "[ ,].*").asMatchPredicate();
  }

  private static List<String> hosts() {
    return hostLines().toList();
  }

  private static Stream<String> hostLines() {
    return TEXT.lines().filter(line -> !line.isBlank() && !line.startsWith("#"));
  }
}
