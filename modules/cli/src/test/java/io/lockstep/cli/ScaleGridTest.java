package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.report.scale.ScaleCell;
import io.lockstep.report.scale.ScaleMode;
import io.lockstep.report.scale.ScaleRun;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What cells are, of both kinds of experiment. */
final class ScaleGridTest extends ScaleFixture {

  @Test
  void aWeakCellHasTheBatchAndTheMicroBatchesOfAllItsWorkers() {
    mode = ScaleMode.WEAK;
    ScaleGrid grid = grid();

    assertThat(grid.cells()).extracting(ScaleCell::batch).containsExactly(64, 128, 256);
    ScaleCell four = grid.cells().getLast();
    assertThat(grid.settings(four)).contains("train.batch=256", "train.microBatches=8");
    assertThat(grid.configuration(four, grid.settings(four)).cluster().workers()).isEqualTo(4);
  }

  /** One worker with 96 rows, and two with 48 each. */
  @Test
  void weakCellsOfTheSameBatchMayBeCutOtherwise() {
    mode = ScaleMode.WEAK;
    ScaleCell alone = new ScaleCell(1, 1, 96);
    ScaleCell both = new ScaleCell(2, 1, 96);

    assertThat(grid().cut(alone)).isEqualTo(new ScaleRun.Cut(96, 3));
    assertThat(grid().cut(both)).isEqualTo(new ScaleRun.Cut(96, 4));
    assertThat(grid("train.microBatches=4").cut(alone).microBatches()).isEqualTo(4);
    assertThat(grid("train.microBatches=4").cut(both).microBatches()).isEqualTo(8);
  }

  /** Two cells have 96 rows a step, in 3 pieces and in 4. */
  @Test
  void eachCutHasAPilotOfItsOwn() {
    mode = ScaleMode.WEAK;
    ScaleGrid.Axes axes = new ScaleGrid.Axes(List.of(1, 2), List.of(1), List.of(48, 96));
    ScaleGrid grid = new ScaleGrid("digits", List.of(), List.of(), mode, axes);
    ScaleExperiment experiment =
        new ScaleExperiment(folder, grid, job -> make(grid, job), Terminal.piped(out, out));
    experiment.run(new ScaleLength.Until(new ScaleTarget(ScaleTarget.Figure.ACCURACY, 0.9)), 1);

    assertThat(grid.cells()).extracting(ScaleCell::batch).containsExactly(48, 96, 96, 192);
    assertThat(made).filteredOn(run -> run.endsWith("pilot")).hasSize(4);
  }

  @Test
  void saysBeforehandWhoHasNothingToDo() {
    assertThat(grid("train.microBatches=2").remarks(8))
        .singleElement()
        .asString()
        .startsWith("4 workers, 1 server, batch 64: 2 micro-batches to do, so 2 of 4 workers have");
    assertThat(grid("train.microBatches=4").remarks(2))
        .containsExactly(
            "this machine has 2 cores for up to 4 workers: it cannot show how more than those would"
                + " scale");
  }
}
