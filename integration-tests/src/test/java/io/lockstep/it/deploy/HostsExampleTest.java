package io.lockstep.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.cluster.Role;
import io.lockstep.cluster.launch.Host;
import io.lockstep.cluster.launch.HostsFile;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hosts example is one that {@code lockstep launch} reads, and its comment names every key. */
final class HostsExampleTest {

  private static final String FILE = "ssh/hosts.conf";
  private static final String TEXT = DeployFolder.text(FILE);

  @Test
  void isReadAsItIsMeant() {
    List<Host> hosts = HostsFile.read(DeployFolder.path(FILE));

    assertThat(hosts).hasSize(3);
    assertThat(hosts.getFirst().roles()).containsExactlyInAnyOrder(Role.values());
    Host last = hosts.getLast();
    assertThat(last.user()).hasValue("trainer");
    assertThat(last.port()).hasValue(2222);
    assertThat(last.slots()).hasValue(16);
    assertThat(last.roles()).containsExactly(Role.WORKER);
    assertThat(last.javaOptions()).containsExactly("-Xmx8g", "-XX:+UseParallelGC");
    assertThat(last.address()).hasValue("10.0.0.3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"user", "port", "slots", "roles", "dir", "data", "java-opts", "address"})
  void everyKeyIsShownAndExplained(String key) {
    Pattern explanation = Pattern.compile("# {3}([a-z-]+, )?" + key + "[ ,].*");

    assertThat(TEXT.lines()).anyMatch(explanation.asMatchPredicate());
    assertThat(TEXT.lines().filter(line -> !line.startsWith("#")))
        .anyMatch(host -> host.contains(" " + key + "="));
  }

  @Test
  void itsCommandHasOptionsOfLaunch() {
    String command =
        TEXT.lines().filter(line -> line.contains("lockstep launch")).findFirst().orElseThrow();

    CommandOptions.of("launch").require(List.of(command.strip().split(" +")));
    assertThat(command).contains("--hosts deploy/" + FILE);
  }
}
