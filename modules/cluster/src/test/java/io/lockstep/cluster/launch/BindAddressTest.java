package io.lockstep.cluster.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.cluster.HostPort;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BindAddressTest {

  private static final Map<String, String> SSH =
      Map.of("SSH_CONNECTION", "10.0.0.1 50000 10.0.0.2 22");

  @Test
  void isTheOneTowardsThePeer() {
    assertThat(BindAddress.find(List.of(new HostPort("127.0.0.1", 7355)), SSH))
        .isEqualTo("127.0.0.1");
  }

  @Test
  void isTheOneThatSshCameInBy() {
    assertThat(BindAddress.find(List.of(), SSH)).isEqualTo("10.0.0.2");
  }

  @Test
  void isSomeAddressOfThisMachineOtherwise() {
    String found = BindAddress.find(List.of(), Map.of());
    assertThat(BindAddress.isAny(found)).isFalse();
  }

  @Test
  void knowsWhatOthersCanReach() {
    assertThat(BindAddress.isLoopback("127.0.0.1")).isTrue();
    assertThat(BindAddress.isLoopback("::1")).isTrue();
    assertThat(BindAddress.isLoopback("10.0.0.1")).isFalse();
    assertThat(BindAddress.isLoopback("0.0.0.0")).isFalse();
    assertThatThrownBy(() -> BindAddress.isLoopback("no such host"))
        .isInstanceOf(HostsException.class);
  }
}
