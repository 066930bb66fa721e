package io.lockstep.cluster.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class LaunchPlanTest {

  @Test
  void putsEverythingHereWithoutHosts() {
    LaunchPlan plan = LaunchPlan.local(new LaunchPlan.Wish(OptionalInt.of(2), 1, 3));
    assertThat(plan.nodes())
        .extracting(PlannedNode::name)
        .containsExactly("server-0", "worker-0", "worker-1");
    assertThat(plan.nodes()).allMatch(node -> node.host().isLocal());
    assertThat(plan.workers()).isEqualTo(6);
    assertThat(plan.servers()).isEqualTo(1);
  }

  @Test
  void goesRoundTheHostsWithEachRole() {
    List<Host> hosts =
        HostsFile.parse(
            "hosts", List.of("a", "b slots=4 roles=worker", "c roles=parameter-server", "d"));
    LaunchPlan plan = LaunchPlan.over(hosts, new LaunchPlan.Wish(OptionalInt.of(4), 4, 2));
    assertThat(plan.nodes())
        .extracting(node -> node.name() + " " + node.host().name())
        .containsExactly(
            "server-0 a",
            "server-1 c",
            "server-2 d",
            "server-3 a",
            "worker-0 a",
            "worker-1 b",
            "worker-2 d",
            "worker-3 a");
    assertThat(plan.workers()).isEqualTo(2 + 4 + 2 + 2);
    assertThat(plan.hosts()).extracting(Host::name).containsExactly("a", "c", "d", "b");
  }

  @Test
  void startsAWorkerOnEachHostByDefault() {
    List<Host> hosts = HostsFile.parse("hosts", List.of("a", "b roles=worker", "c"));
    LaunchPlan plan = LaunchPlan.over(hosts, new LaunchPlan.Wish(OptionalInt.empty(), 1, 1));
    assertThat(plan.workers()).isEqualTo(3);
  }

  @Test
  void refusesHostsThatLackARole() {
    List<Host> hosts = HostsFile.parse("hosts", List.of("a roles=worker"));
    assertThatThrownBy(() -> LaunchPlan.over(hosts, new LaunchPlan.Wish(OptionalInt.empty(), 1, 1)))
        .isInstanceOf(HostsException.class)
        .hasMessageContaining("hosts: expected a host with the role parameter-server");
  }
}
