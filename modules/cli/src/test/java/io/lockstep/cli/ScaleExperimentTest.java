package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.cluster.launch.JavaCommand;
import io.lockstep.config.Configuration;
import io.lockstep.model.BuildInfo;
import io.lockstep.model.Machine;
import io.lockstep.model.Metrics;
import io.lockstep.model.MetricsLog;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary;
import io.lockstep.model.RunSummary.Score;
import io.lockstep.model.RunSummary.Status;
import io.lockstep.optim.LearningRateSchedule;
import io.lockstep.report.scale.ScaleCell;
import io.lockstep.report.scale.ScaleMode;
import io.lockstep.report.scale.ScaleResults;
import io.lockstep.report.scale.ScaleResults.Setup;
import io.lockstep.report.scale.ScaleRun;
import io.lockstep.wire.WireSettings.Transport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToDoubleFunction;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With runs that nobody has made: their speed and weights are what the tests say. */
final class ScaleExperimentTest {

  private static final int ROWS_PER_SECOND = 1_000;

  @TempDir private Path folder;

  private final List<String> made = new ArrayList<>();
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);

  /** Number of the epoch that first has an accuracy of 0.9. */
  private int reachedIn = 3;

  /** As {@link #reachedIn}, of a run that counts, where it is another one. */
  private int countedReachIn;

  /** Of a run at most; the first one, which does not count, may be ended before. */
  private int stepsDone = 12;

  /** How long so many steps take, in those of a usual step. */
  private IntToDoubleFunction stepsTime = steps -> steps;

  private ScaleMode mode = ScaleMode.STRONG;
  private String weights = "%d";

  private ScaleGrid grid(String... overrides) {
    ScaleGrid.Axes axes = new ScaleGrid.Axes(List.of(1, 2, 4), List.of(1), List.of(64));
    return new ScaleGrid("digits", List.of(overrides), List.of(), mode, axes);
  }

  private ScaleExperiment experiment(String... overrides) {
    ScaleGrid grid = grid(overrides);
    return new ScaleExperiment(folder, grid, job -> make(grid, job), Terminal.piped(out, out));
  }

  /** As fast as there are workers. */
  private void make(ScaleGrid grid, ScaleJob job) {
    made.add(job.cell().workers() + " " + job.folder().getFileName());
    int reached =
        countedReachIn > 0 && !job.folder().endsWith("pilot") ? countedReachIn : reachedIn;
    RunFolder run =
        RunFolder.create(job.folder(), grid.configuration(job.cell(), job.settings()).toHocon());
    List<Metrics> metrics = new ArrayList<>();
    try (MetricsLog log = run.openMetrics()) {
      double rate = ROWS_PER_SECOND * job.cell().workers();
      boolean ended = false;
      for (int step = 1; step <= stepsDone && !ended; step++) {
        double seconds = stepsTime.applyAsDouble(step) * job.cell().batch() / rate;
        metrics.add(new Metrics.Step(step, step, 0.5, null, 0.1, rate, seconds));
        double accuracy = step < reached ? 0.5 : 0.9;
        metrics.add(
            new Metrics.Evaluation("validation", step, step, 1, accuracy, null, null, seconds));
        ended = isEnded(job, metrics.subList(2 * step - 2, 2 * step));
      }
      metrics.forEach(log::write);
    }
    run.writeSummary(summary(job, Status.FINISHED));
  }

  private static boolean isEnded(ScaleJob job, List<Metrics> more) {
    return job.until() != null && job.until().test(more);
  }

  private RunSummary summary(ScaleJob job, Status status) {
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
            List.of(),
            3,
            rowsPerSecond(cell)),
        new RunSummary.Scores(new Score(0.25, null), null, null));
  }

  private static double rowsPerSecond(ScaleCell cell) {
    return ROWS_PER_SECOND * cell.workers();
  }

  private ScaleResults results(ScaleExperiment.Measured measured) {
    Setup setup =
        new Setup("digits", mode, null, "scale", Machine.ofProcess(), BuildInfo.ofProgram(), null);
    return new ScaleResults(setup, measured.runs());
  }

  @Test
  void cellsTakeTurnsForwardsAndBackwards() {
    ScaleExperiment.Measured measured = experiment().run(new ScaleLength.Steps(120), 2);

    assertThat(made)
        .containsExactly(
            "1 round-1", "2 round-1", "4 round-1", "4 round-2", "2 round-2", "1 round-2");
    assertThat(measured.curves()).hasSize(3);
    ScaleResults results = results(measured);
    assertThat(results.efficiency(new ScaleCell(4, 1, 64)).median()).isEqualTo(1);
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("1 worker, 1 server, batch 64, round 1: 1,000 rows/s  (1 of 6, ");
  }

  @Test
  void goesOnWhereItWasBrokenOff() throws IOException {
    experiment().run(new ScaleLength.Steps(120), 1);
    Path second = folder.resolve("workers-2-servers-1-batch-64").resolve("round-1");
    Files.delete(second.resolve("run.json"));
    Path third = folder.resolve("workers-4-servers-1-batch-64").resolve("round-1");
    RunFolder.open(third)
        .writeSummary(
            summary(new ScaleJob(new ScaleCell(4, 1, 64), third, List.of(), null), Status.STOPPED));
    made.clear();

    experiment().run(new ScaleLength.Steps(120), 1);

    assertThat(made).containsExactly("2 round-1", "4 round-1");
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("1,000 rows/s  (1 of 3, -:-- left)");
  }

  /** Those that end with the same weights, too: they may have another speed. */
  @Test
  void runsThatWereSetOtherwiseAreNotTakenForItsOwn() {
    experiment("cluster.standbys=1").run(new ScaleLength.Steps(120), 1);
    made.clear();

    refusedOf("optimizer.learningRate", "cluster.standbys=1", "optimizer.learningRate=7");
    refusedOf("cluster.standbys = 1 instead of 0", "cluster.standbys=0");
    refusedOf("kernels", "cluster.standbys=1", "kernels=scalar");
    refusedOf("cluster.bucketBytes", "cluster.standbys=1", "cluster.bucketBytes=65536");
    assertThat(made).isEmpty();
  }

  private void refusedOf(String difference, String... overrides) {
    ScaleExperiment other = experiment(overrides);
    assertThatThrownBy(() -> other.run(new ScaleLength.Steps(120), 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("expected a run of the same configuration")
        .hasMessageContaining(difference);
  }

  /** 64 ms for each: two thirds of 1,406 intervals are 938 steps, the first that take 60 s. */
  @Test
  void runsHaveTheStepsOfWhichTheFirstCellDoesTwoThirdsInTheTime() {
    stepsDone = 2_000;
    ScaleExperiment.Measured measured = experiment().run(new ScaleLength.Seconds(60), 1);

    assertThat(made).startsWith("1 pilot", "1 round-1").hasSize(4);
    assertThat(said.toString(StandardCharsets.UTF_8))
        .startsWith("finding out how many steps 1 worker, 1 server, batch 64 does steadily in 60 s")
        .contains("each run has 1,407 steps");
    assertThat(measured.runs()).hasSize(3);
    Path run = folder.resolve("workers-4-servers-1-batch-64").resolve("round-1");
    assertThat(RunFolder.open(run).configFile()).content().contains("maxSteps=1407");
    assertThat(RunFolder.open(run).configFile()).content().contains("reportEvery=5");
  }

  /** The n-th takes 6.4 s / n; those of a folder that is gone on with are told of again. */
  @Test
  void tellsOfAFirstRunWhoseStepsNeverBecomeSteady() {
    stepsTime = steps -> 100 * Math.log(steps);
    experiment().run(new ScaleLength.Seconds(1), 1);
    experiment().run(new ScaleLength.Seconds(1), 1);

    assertThat(said.toString(StandardCharsets.UTF_8).lines())
        .filteredOn(line -> line.startsWith("lockstep: --seconds 1: expected steps at one speed"))
        .hasSize(2)
        .allMatch(line -> line.endsWith("name more --seconds, or --steps"));
  }

  @Test
  void knowsHowManyRunsAreFinished() throws IOException {
    ScaleExperiment experiment = experiment();
    assertThat(experiment.finished(2)).isZero();
    experiment.run(new ScaleLength.Steps(12), 1);
    assertThat(experiment.finished(2)).isEqualTo(3);

    Path second = folder.resolve("workers-2-servers-1-batch-64").resolve("round-1");
    Files.delete(second.resolve("run.json"));
    assertThat(experiment.finished(2)).isEqualTo(2);
  }

  @Test
  void aFirstRunThatIsTooShortIsAFailure() {
    stepsDone = 1;

    assertThatThrownBy(() -> experiment().run(new ScaleLength.Seconds(1), 1))
        .isInstanceOf(ScaleException.class)
        .hasMessageStartingWith(
            "--seconds 1: expected steady steps for so long before it ended but found 1 step, see ")
        .hasMessageContaining("pilot.log; name a smaller --batch, or --steps instead");
  }

  /** It is made anew if it is too short, as one that the user has interrupted. */
  @Test
  void aFirstRunThatIsThereIsTakenIfItIsLongEnough() {
    stepsDone = 2_000;
    experiment().run(new ScaleLength.Seconds(10), 1);
    made.clear();

    experiment().run(new ScaleLength.Seconds(10), 1);
    assertThat(made).isEmpty();

    assertThatThrownBy(() -> experiment().run(new ScaleLength.Seconds(60), 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("expected runs whose length --seconds 60 has found")
        .hasMessageContaining("found some of 2,000 steps")
        .hasMessageEndingWith("; go on with --steps 2000, or name another --out");
    assertThat(made).isEmpty();
    experiment().run(new ScaleLength.Seconds(10), 1);
    assertThat(made).isEmpty();
  }

  @Test
  void oneRunOfABatchFindsHowManyEpochsReachTheTarget() {
    ScaleTarget target = new ScaleTarget(ScaleTarget.Figure.ACCURACY, 0.9);
    ScaleExperiment.Measured measured = experiment().run(new ScaleLength.Until(target), 1);

    assertThat(made).containsExactly("1 pilot", "1 round-1", "2 round-1", "4 round-1");
    Path run = folder.resolve("workers-2-servers-1-batch-64").resolve("round-1");
    assertThat(RunFolder.open(run).configFile()).content().contains("epochs=3");
    assertThat(measured.runs().getFirst().end().secondsToTarget())
        .isEqualTo(3 * 64.0 / ROWS_PER_SECOND);

    reachedIn = 13;
    ScaleExperiment other =
        new ScaleExperiment(
            folder.resolve("other"), grid(), job -> make(grid(), job), Terminal.piped(out, out));
    assertThatThrownBy(() -> other.run(new ScaleLength.Until(target), 1))
        .isInstanceOf(ScaleException.class)
        .hasMessageContaining("accuracy=0.9 was not reached within");
  }

  @Test
  void aRunThatMissesWhatThePilotReachedIsAFailure() {
    countedReachIn = 13;

    ScaleTarget target = new ScaleTarget(ScaleTarget.Figure.ACCURACY, 0.9);
    assertThatThrownBy(() -> experiment().run(new ScaleLength.Until(target), 1))
        .isInstanceOf(ScaleException.class)
        .hasMessageContaining("round-1: expected accuracy=0.9, ")
        .hasMessageEndingWith("but found accuracy=0.5 at best");
  }

  /** The pilot has 8 epochs of one step; the cosine is to go on over all of them. */
  @Test
  void runsThatEndAtTheTargetHaveTheLearningRatesOfThePilot() {
    ScaleTarget target = new ScaleTarget(ScaleTarget.Figure.ACCURACY, 0.9);
    experiment("schedule.warmupSteps=2").run(new ScaleLength.Until(target), 1);

    LearningRateSchedule pilot = configuration("pilot").toSchedule(8);
    LearningRateSchedule run = configuration("round-1").toSchedule(3);
    for (long step = 0; step < 3; step++) {
      assertThat(run.rate(step)).isEqualTo(pilot.rate(step));
    }
    assertThat(run.rate(2)).isGreaterThan(0);
  }

  private Configuration configuration(String run) {
    Path cell = folder.resolve("workers-1-servers-1-batch-64");
    return Configuration.load(RunFolder.open(cell.resolve(run)).configFile());
  }

  @Test
  void aScheduleOfTheUsersStays() {
    ScaleTarget target = new ScaleTarget(ScaleTarget.Figure.ACCURACY, 0.9);
    experiment("schedule.totalSteps=77").run(new ScaleLength.Until(target), 1);

    assertThat(configuration("round-1").schedule().totalSteps()).hasValue(77);
  }

  @Test
  void saysWhichCellsHaveOtherWeights() {
    ScaleResults unequal = results(experiment().run(new ScaleLength.Steps(12), 1));

    assertThat(ScaleText.unequal(unequal))
        .containsExactly(
            "batch 64 in 2 micro-batches: 1… of 1 worker and 1 server; 2… of 2 workers and 1"
                + " server; 4… of 4 workers and 1 server");
  }

  @Test
  void equalWeightsAreWhatIsExpected() {
    weights = "same";

    ScaleResults equal = results(experiment().run(new ScaleLength.Steps(12), 1));
    assertThat(ScaleText.unequal(equal)).isEmpty();
  }

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

  @Test
  void aRunThatCannotBeStartedIsAFailure() {
    ScaleJob job = new ScaleJob(new ScaleCell(1, 1, 64), folder.resolve("run"), List.of(), null);
    JavaCommand none = new JavaCommand(folder.resolve("java").toString(), List.of(), "", "Main");

    assertThatThrownBy(() -> new ScaleChild(none, "digits", List.of(), null).run(job))
        .isInstanceOf(ScaleException.class)
        .hasMessageContaining("run: the run cannot be started: ");
  }

  /** The JVM may warn of something before it. */
  private static final Pattern NUMBER = Pattern.compile("(?m)^(\\d+)\\R");

  /**
   * A process that does not end by itself, and of which the rule of pilots says that it is late.
   */
  @Test
  @Timeout(120)
  void aRunWhoseRuleFailsIsEnded() throws IOException {
    Path run = folder.resolve("run");
    Path log = folder.resolve("run.log");
    AtomicLong now = new AtomicLong();
    Predicate<List<Metrics>> rule = new ScalePilot(1).until(now::get, run);
    Predicate<List<Metrics>> lateOnceItHasSpoken =
        metrics -> {
          now.set(NUMBER.matcher(saidIn(log)).find() ? Duration.ofHours(1).toNanos() : 0);
          return rule.test(metrics);
        };
    ScaleJob job = new ScaleJob(new ScaleCell(1, 1, 64), run, List.of(), lateOnceItHasSpoken);
    JavaCommand endless = JavaCommand.ofProcess(Endless.class.getName());

    assertThatThrownBy(() -> new ScaleChild(endless, "digits", List.of(), null).run(job))
        .isInstanceOf(ScaleException.class)
        .hasMessageContaining("within 134 s but found 0 steps, see " + log + "; name");
    long process =
        NUMBER.matcher(saidIn(log)).results().mapToLong(m -> Long.parseLong(m.group(1))).sum();
    assertThat(ProcessHandle.of(process).filter(ProcessHandle::isAlive)).isEmpty();
  }

  private static String saidIn(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Says its number, and waits. */
  static final class Endless {

    private Endless() {}

    public static void main(String[] arguments) throws InterruptedException {
      System.out.println(ProcessHandle.current().pid());
      Thread.currentThread().join();
    }
  }

  @Test
  void aRunIsTheCommandThatAUserWouldGive() {
    ScaleJob job = new ScaleJob(new ScaleCell(4, 2, 64), folder, List.of("train.batch=64"), null);
    Path jar = Path.of("own.jar");

    assertThat(new ScaleChild(null, "digits", List.of(jar), null).words(job))
        .containsExactly(
            "train",
            "digits",
            "--quiet",
            "--workers",
            "4",
            "--servers",
            "2",
            "--set",
            "train.batch=64",
            "--jar",
            "own.jar",
            "--out",
            folder.toString());
    assertThat(
            new ScaleChild(null, "digits", List.of(), new ScaleChild.Processes(2, Transport.TCP))
                .words(job))
        .containsExactly(
            "launch",
            "digits",
            "--quiet",
            "--workers",
            "2",
            "--servers",
            "2",
            "--workers-per-node",
            "2",
            "--transport",
            "tcp",
            "--set",
            "train.batch=64",
            "--out",
            folder.toString());
  }
}
