package io.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeFaultTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kill",
        "pause:3",
        "slow:2.5",
        "slow:3.0:20",
        "drop",
        "delay:50:20",
        "cut",
        "cut:99999"
      })
  void isReadAsItIsWritten(String text) {
    assertThat(NodeFault.parse(text)).get().extracting(NodeFault::text).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "kill:3", "pause", "pause:0", "pause:100000", "slow:0.9", "delay:5", "cut:"})
  void whatIsNoneIsNotRead(String text) {
    assertThat(NodeFault.parse(text)).isEmpty();
  }
}
