package io.lockstep.cli;

import io.lockstep.report.scale.ScaleCell;
import io.lockstep.report.scale.ScaleCurve;
import io.lockstep.report.scale.ScaleRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Makes the runs of a scaling experiment: each round has one of every cell, every second one
 * backwards, so that what changes on the machine meanwhile meets all cells alike. {@link #run}
 * once, by one thread; {@link #finished} by any.
 */
final class ScaleExperiment {

  private final ScaleRuns runs;
  private final ScaleLengths lengths;
  private final Terminal terminal;

  /**
   * Of which nothing is made yet.
   *
   * @param folder where runs are
   * @param grid the cells
   * @param runner makes runs
   * @param terminal where to say what has been done
   */
  ScaleExperiment(Path folder, ScaleGrid grid, ScaleRunner runner, Terminal terminal) {
    this.runs = new ScaleRuns(folder, grid, runner);
    this.lengths = new ScaleLengths(runs, terminal);
    this.terminal = terminal;
  }

  /**
   * What was measured.
   *
   * @param remarks what a reader must not miss of the runs
   */
  record Measured(List<ScaleRun> runs, List<ScaleCurve> curves, List<String> remarks) {}

  /**
   * Makes all runs.
   *
   * @throws ScaleException if one fails, or does not reach its target
   * @throws BadInputException if the folder has runs of another configuration
   * @throws io.lockstep.model.ModelException if one of them is still going on
   */
  Measured run(ScaleLength length, int rounds) {
    runs.requireRest(rounds);
    lengths.find(length, rounds);
    List<Round> all = rounds(rounds);
    all.forEach(round -> runs.requireSame(round.job)); // Before any is made in vain.
    RemainingRuns remaining = new RemainingRuns(all.size(), System::nanoTime);
    List<ScaleRun> figures = new ArrayList<>();
    List<ScaleCurve> curves = new ArrayList<>();
    List<String> remarks = new ArrayList<>(lengths.doubts());
    for (Round round : all) {
      boolean made = runs.make(round.job, ScaleRuns::isFinished);
      ScaleReading read = ScaleReading.of(round.job, round.number);
      ScaleRun run = read.figures(runs, length);
      figures.add(run);
      if (round.number == 1) {
        curves.add(read.curve());
      }
      String left = made ? remaining.afterOne() : remaining.afterOneThatWasThere();
      terminal.out().println(ScaleText.line(run) + left);
      read.remark().ifPresent(terminal::warn);
      read.remark().ifPresent(remarks::add);
    }
    return new Measured(figures, curves, remarks);
  }

  private record Round(int number, ScaleJob job) {}

  /** In the order in which they are made. */
  private List<Round> rounds(int rounds) {
    List<ScaleCell> cells = runs.grid().cells();
    List<Round> all = new ArrayList<>();
    for (int number = 1; number <= rounds; number++) {
      for (ScaleCell cell : number % 2 == 1 ? cells : cells.reversed()) {
        all.add(new Round(number, runs.round(cell, number, lengths.of(cell).orElseThrow())));
      }
    }
    return all;
  }

  /**
   * How many of the runs that count are finished: those that the same command would not make again.
   * None while it is not known how long they are.
   */
  long finished(int rounds) {
    return runs.grid().cells().stream()
        .mapToLong(cell -> lengths.of(cell).map(of -> finished(cell, of, rounds)).orElse(0L))
        .sum();
  }

  private long finished(ScaleCell cell, List<String> length, int rounds) {
    return IntStream.rangeClosed(1, rounds)
        .filter(number -> runs.isFinished(runs.round(cell, number, length)))
        .count();
  }

  /** Where runs are. */
  Path folder() {
    return runs.folder();
  }

  /** The number of runs that count. */
  int count(int rounds) {
    return runs.grid().cells().size() * rounds;
  }
}
