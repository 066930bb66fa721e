package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NodeAddressesTest {

  @Test
  void survivesItsLine() {
    NodeAddresses addresses =
        new NodeAddresses("worker-0", new HostPort("fe80::1", 7355), new HostPort("node1", 1));
    assertThat(addresses.line()).isEqualTo("node worker-0: control [fe80::1]:7355, data node1:1");
    assertThat(NodeAddresses.parse(addresses.line() + "\r")).contains(addresses);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "node a: control h:1",
        "12:00 INFO node a: control h:1, data h:2",
        "node a: control h:99999, data h:2",
        "node a: control h, data h:2"
      })
  void isNoOtherLine(String line) {
    assertThat(NodeAddresses.parse(line)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"h", ":1", "h:", "h:-1", "h:65536", "a b:1", "::1:7355", "u@h:1"})
  void refusesOtherAddresses(String text) {
    assertThat(HostPort.parse(text)).isEmpty();
  }
}
