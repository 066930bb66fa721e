package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TerminalWidthTest {

  @Test
  void takesTheColumns() {
    assertThat(TerminalWidth.parse("40 120\n")).isEqualTo(120);
  }

  @Test
  void assumesTheUsualWidthWhereThereIsNone() {
    assertThat(TerminalWidth.parse("")).isEqualTo(80);
    assertThat(TerminalWidth.parse("0 0\n")).isEqualTo(80);
    assertThat(TerminalWidth.parse("stty: no terminal")).isEqualTo(80);
  }
}
