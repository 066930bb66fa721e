package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class TableTest {

  @Test
  void cutsTheLongestCellsToTheWidth() {
    Table table = new Table("", "a").row("formula", "y ~ a + b + c + d + e + f").row("steps", "5");
    assertThat(table.lines(24))
        .containsExactly(
            "                       a", "formula  y ~ a + b + c …", "steps                  5");
    assertThat(table.lines(80)).isEqualTo(table.lines());
  }

  @Test
  void alignsNamesLeftNumbersRightAndRemarksLeft() {
    Table table = new Table("layer", "out", "").row("dense1", "1,024", "relu").row("o", "10", "x");
    assertThat(table.lines())
        .containsExactly("layer     out", "dense1  1,024  relu", "o          10  x");
  }

  @Test
  void refusesARowOfAnotherLength() {
    assertThatThrownBy(() -> new Table("a", "b").row("1"))
        .hasMessage("expected 2 cells but found 1");
  }
}
