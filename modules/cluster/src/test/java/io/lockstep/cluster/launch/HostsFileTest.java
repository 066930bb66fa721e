package io.lockstep.cluster.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.cluster.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HostsFileTest {

  @Test
  void readsHostsWithWhatIsParticularAboutThem() {
    List<Host> hosts =
        HostsFile.parse(
            "hosts.conf",
            List.of(
                "# the cluster",
                "",
                "node1",
                "  10.0.0.7 user=anna port=2222 slots=4 roles=worker dir='/opt/lock step' # here",
                "[fe80::1] data=/data java-opts=\"-Xmx8g -Da=b\" address=10.0.0.9"));
    assertThat(hosts)
        .extracting(Host::label)
        .containsExactly("node1", "anna@10.0.0.7:2222", "[fe80::1]");
    assertThat(hosts.getFirst().roles()).containsExactlyInAnyOrder(Role.values());
    Host second = hosts.get(1);
    assertThat(second.place()).isEqualTo("hosts.conf:4");
    assertThat(second.slots()).isEqualTo(OptionalInt.of(4));
    assertThat(second.roles()).containsExactly(Role.WORKER);
    assertThat(second.dir()).contains("/opt/lock step");
    assertThat(hosts.getLast().javaOptions()).containsExactly("-Xmx8g", "-Da=b");
    assertThat(hosts.getLast().address()).contains("10.0.0.9");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "n prot=1|hosts:1: expected KEY=VALUE with a key of address, data, dir, java-opts, port, roles, slots, user but found 'prot=1'",
        "n worker|but found 'worker'",
        "n port=0|hosts:1: port: expected a number from 1 to 65535 but found '0'",
        "n port=99999|but found '99999'",
        "n slots=many|hosts:1: slots: expected a number from 1 to 1024 but found 'many'",
        "n roles=worker,boss|hosts:1: roles: expected worker, parameter-server, or both but found 'boss'",
        "n java-opts=Xmx8g|hosts:1: java-opts: expected options that begin with a hyphen but found 'Xmx8g'",
        "n user=-lroot|hosts:1: user: expected a value that does not begin with a hyphen but found '-lroot'",
        "n port=1 port=2|hosts:1: port: expected it once but found 'it again'",
        "-oProxyCommand=x|hosts:1: expected the name or address of a host first but found '-oProxyCommand=x'",
        "n dir=\"/a|hosts:1: expected a closing \" but found none",
        "# nothing|hosts: expected a host on each line but found none",
      })
  void namesLineAndWhatItExpected(String line, String message) {
    assertThatThrownBy(() -> HostsFile.parse("hosts", List.of(line)))
        .isInstanceOf(HostsException.class)
        .hasMessageContaining(message);
  }

  @Test
  void readsTheExample() {
    assertThat(HostsFile.read(Path.of("../../deploy/ssh/hosts.conf"))).hasSize(3);
  }

  @Test
  void refusesAMissingFile() {
    assertThatThrownBy(() -> HostsFile.read(Path.of("no-such-hosts")))
        .isInstanceOf(HostsException.class)
        .hasMessage("no-such-hosts: no such file; expected a list of hosts");
  }
}
