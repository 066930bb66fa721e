package io.lockstep.cli;

import io.lockstep.model.BuildInfo;
import io.lockstep.model.Machine;
import io.lockstep.model.Metrics;
import io.lockstep.model.MetricsLog;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary;
import io.lockstep.model.RunSummary.Score;
import io.lockstep.model.RunSummary.Status;
import io.lockstep.report.scale.ScaleCell;
import io.lockstep.report.scale.ScaleMode;
import io.lockstep.report.scale.ScaleResults;
import io.lockstep.report.scale.ScaleResults.Setup;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.io.TempDir;

/**
 * A scaling experiment with runs that nobody has made: their speed and weights are what the tests
 * say.
 */
abstract class ScaleFixture {

  static final int ROWS_PER_SECOND = 1_000;

  @TempDir Path folder;

  final List<String> made = new ArrayList<>();
  final ByteArrayOutputStream said = new ByteArrayOutputStream();
  final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);

  List<Integer> workers = List.of(1, 2, 4);

  int stepsOfEpoch = 1;

  /** Number of the epoch that first has an accuracy of 0.9. */
  int reachedIn = 3;

  /** As {@link #reachedIn}, of a run that counts, where it is another one. */
  int countedReachIn;

  /** Of a run at most; the first one, which does not count, may be ended before. */
  int stepsDone = 12;

  /** After so many steps a run is broken off, as by Ctrl-C, and saves itself; 0 for never. */
  int brokenOffAfter;

  /** What happened in runs that count. */
  List<RunSummary.Event> events = List.of();

  /** How long so many steps take, in those of a usual step. */
  IntToDoubleFunction stepsTime = steps -> steps;

  ScaleMode mode = ScaleMode.STRONG;
  String weights = "%d";

  ScaleGrid grid(String... overrides) {
    ScaleGrid.Axes axes = new ScaleGrid.Axes(workers, List.of(1), List.of(64));
    return new ScaleGrid("digits", List.of(overrides), List.of(), mode, axes);
  }

  ScaleExperiment experiment(String... overrides) {
    ScaleGrid grid = grid(overrides);
    return new ScaleExperiment(folder, grid, job -> make(grid, job), Terminal.piped(out, out));
  }

  /** As fast as there are workers. */
  void make(ScaleGrid grid, ScaleJob job) {
    made.add(job.cell().workers() + " " + job.folder().getFileName());
    boolean pilot = job.folder().endsWith("pilot");
    int reached = countedReachIn > 0 && !pilot ? countedReachIn : reachedIn;
    RunFolder run =
        RunFolder.create(job.folder(), grid.configuration(job.cell(), job.settings()).toHocon());
    int step = 0;
    try (MetricsLog log = run.openMetrics()) {
      boolean ended = false;
      while (!ended && step < stepsDone && (step != brokenOffAfter || step == 0)) {
        List<Metrics> more = metrics(job.cell(), ++step, reached);
        more.forEach(log::write);
        ended = isEnded(job, more);
      }
      if (step == brokenOffAfter) {
        log.write(validation(job.cell(), step, 0.9));
      }
    }
    run.writeSummary(summary(job, step == brokenOffAfter ? Status.STOPPED : Status.FINISHED));
    if (step == brokenOffAfter) {
      throw new ScaleException("broken off");
    }
  }

  private List<Metrics> metrics(ScaleCell cell, int step, int reached) {
    int epoch = (step - 1) / stepsOfEpoch + 1;
    List<Metrics> metrics = new ArrayList<>();
    double seconds = seconds(cell, step);
    metrics.add(new Metrics.Step(step, epoch, 0.5, null, 0.1, rowsPerSecond(cell), seconds));
    if (step % stepsOfEpoch == 0) {
      metrics.add(new Metrics.Epoch(step, epoch, 0.5, null, 0.1, rowsPerSecond(cell), seconds));
      metrics.add(validation(cell, step, epoch < reached ? 0.5 : 0.9));
    }
    return metrics;
  }

  /** With the number of whole epochs. */
  private Metrics validation(ScaleCell cell, int step, double accuracy) {
    return new Metrics.Evaluation(
        "validation", step, step / stepsOfEpoch, 1, accuracy, null, null, seconds(cell, step));
  }

  private double seconds(ScaleCell cell, int step) {
    return stepsTime.applyAsDouble(step) * cell.batch() / rowsPerSecond(cell);
  }

  private static boolean isEnded(ScaleJob job, List<Metrics> more) {
    return job.until() != null && job.until().test(more);
  }

  RunSummary summary(ScaleJob job, Status status) {
    ScaleCell cell = job.cell();
    return RunSummary.of(
        new RunSummary.Setup(
            cell.workers(), cell.servers(), 2, 1, 10, "digits", "ab", List.of(), "scalar", "now"),
        new RunSummary.Outcome(
            status,
            null,
            weights.formatted(cell.workers()),
            null,
            stepsDone,
            12,
            List.of(),
            List.of(),
            job.folder().endsWith("pilot") ? List.of() : events,
            3,
            rowsPerSecond(cell)),
        new RunSummary.Scores(new Score(0.25, null), null, null));
  }

  private static double rowsPerSecond(ScaleCell cell) {
    return ROWS_PER_SECOND * cell.workers();
  }

  ScaleResults results(ScaleExperiment.Measured measured) {
    Setup setup =
        new Setup("digits", mode, null, "scale", Machine.ofProcess(), BuildInfo.ofProgram(), null);
    return new ScaleResults(setup, measured.runs());
  }

  Path run(int workersOfCell, String name) {
    return folder.resolve("workers-%d-servers-1-batch-64".formatted(workersOfCell)).resolve(name);
  }

  List<String> warnings() {
    return said.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith("lockstep: "))
        .toList();
  }
}
