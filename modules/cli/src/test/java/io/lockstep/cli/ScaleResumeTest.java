package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.model.ModelException;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunLock;
import io.lockstep.model.RunSummary.Status;
import io.lockstep.report.scale.ScaleCell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is there already when the same command, or a similar one, is given again. */
final class ScaleResumeTest extends ScaleFixture {

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
        .hasMessageContaining("found some of 236 steps")
        .hasMessageEndingWith("; go on with --steps 236, or name another --out");
    assertThat(made).isEmpty();
    experiment().run(new ScaleLength.Seconds(10), 1);
    assertThat(made).isEmpty();
  }

  /** A run that has another length than the command finds does not go on, so it does not count. */
  @Test
  void runsOfAnotherLengthAreNotFinishedOnes() {
    experiment().run(new ScaleLength.Steps(120), 1);
    ScaleExperiment longer = experiment();

    refused(longer, new ScaleLength.Steps(240), "train.maxSteps = 120 instead of 240");
    assertThat(longer.finished(1)).isZero();
  }

  @Test
  void aRunThatCannotBeReadIsNotFinished() throws IOException {
    ScaleExperiment experiment = experiment();
    experiment.run(new ScaleLength.Steps(12), 1);
    Files.writeString(run(2, "round-1").resolve("run.json"), "");
    Files.writeString(run(4, "round-1").resolve("config.conf"), "{");

    assertThat(experiment.finished(1)).isEqualTo(1);
  }

  /** As one that is killed while its nodes start: a launcher has its folder before the run has. */
  @Test
  void aLaunchThatWasBrokenOffBeforeItsFirstStepIsMadeAnew() throws IOException {
    Path second = run(2, "round-1");
    LaunchFolder.claim(second);
    Path third = run(4, "round-1");
    LaunchFolder.claim(third);
    LaunchFolder.ofProcess(third).ended(ExitCode.INTERRUPTED);

    experiment().run(new ScaleLength.Steps(120), 1);

    assertThat(made).containsExactly("1 round-1", "2 round-1", "4 round-1");
    assertThat(RunFolder.launchFile(second)).doesNotExist();
    assertThat(RunFolder.logsFolder(third)).doesNotExist();
  }

  @Test
  void aRunWhoseConfigurationWasNotYetWrittenIsMadeAnew() throws IOException {
    Path second = run(2, "round-1");
    Files.createDirectories(second);
    Files.createFile(second.resolve("config.conf"));
    Files.createDirectories(run(4, "round-1"));

    experiment().run(new ScaleLength.Steps(120), 1);

    assertThat(made).containsExactly("1 round-1", "2 round-1", "4 round-1");
  }

  /** Its launcher is this process. */
  @Test
  void aLaunchThatIsStillStartingIsLeftAlone() {
    Path second = run(2, "round-1");
    LaunchFolder.claim(second);
    LaunchFolder.ofProcess(second);

    refused(
        experiment(),
        new ScaleLength.Steps(120),
        "round-1: the run is still going on, in process " + ProcessHandle.current().pid());
    assertThat(RunFolder.launchFile(second)).exists();
  }

  @Test
  void aRunThatIsStillGoingOnIsLeftAlone() throws IOException {
    experiment().run(new ScaleLength.Steps(120), 1);
    Path second = run(2, "round-1");
    Files.delete(second.resolve("run.json"));
    made.clear();

    try (RunLock held = RunLock.take(second)) {
      assertThatThrownBy(() -> experiment().run(new ScaleLength.Steps(120), 1))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("round-1: the run is still going on, in ")
          .hasMessageEndingWith("; end that first");
    }
    assertThat(made).isEmpty();
    assertThat(second.resolve("metrics.jsonl")).exists();

    experiment().run(new ScaleLength.Steps(120), 1);
    assertThat(made).containsExactly("2 round-1");
  }

  private void refused(ScaleExperiment experiment, ScaleLength length, String words) {
    made.clear();
    assertThatThrownBy(() -> experiment.run(length, 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(words);
    assertThat(made).isEmpty();
  }

  /** The n-th step takes 6.4 s / n; the last two thirds of 300 take 6.9 s. */
  @Test
  void aFirstRunThatWasBrokenOffBeforeItWasSteadyIsMadeAnew() {
    stepsDone = 2_000;
    stepsTime = steps -> 100 * Math.log(steps);
    brokenOffAfter = 300;
    ScaleLength length = new ScaleLength.Seconds(7);
    assertThatThrownBy(() -> experiment().run(length, 1)).isInstanceOf(ScaleException.class);
    assertThat(ScaleRuns.hasEnded(run(1, "pilot"))).isTrue();
    brokenOffAfter = 0;
    made.clear();

    experiment().run(length, 1);

    assertThat(made).startsWith("1 pilot", "1 round-1").hasSize(4);
  }

  /** What it had found before it was made anew counts no more. */
  @Test
  void aFirstRunThatWasBrokenOffWhileItWasMadeAnewHasFoundNothing() {
    stepsDone = 2_000;
    workers = List.of(1);
    experiment().run(new ScaleLength.Seconds(10), 1);
    ScaleRuns.delete(run(1, "round-1"));
    brokenOffAfter = 300;
    assertThatThrownBy(() -> experiment().run(new ScaleLength.Seconds(20), 1))
        .isInstanceOf(ScaleException.class);
    brokenOffAfter = 0;
    made.clear();

    experiment().run(new ScaleLength.Seconds(10), 1);
    assertThat(made).containsExactly("1 pilot", "1 round-1");
  }

  /** What was found by a longer one holds for a shorter one, with what was in doubt. */
  @Test
  void whatALongerFirstRunHasFoundIsTaken() {
    stepsDone = 30_000;
    stepsTime = steps -> 400 * Math.log(steps);
    experiment().run(new ScaleLength.Seconds(20), 1);
    made.clear();

    ScaleExperiment.Measured measured = experiment().run(new ScaleLength.Seconds(5), 1);

    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("as a first run has found for --seconds 20, which is there");

    assertThat(made).isEmpty();
    assertThat(measured.remarks())
        .singleElement()
        .asString()
        .startsWith("--seconds 20: expected steps at one speed for so long");
  }

  @Test
  void aFindingThatIsDamagedIsRefusedWithARemedy() throws IOException {
    stepsDone = 2_000;
    experiment().run(new ScaleLength.Seconds(10), 1);
    Path finding = run(1, "pilot.json");
    assertThat(Files.readString(finding)).contains("\"seconds\" : 10", "\"doubt\" : null");

    for (String damaged : List.of("", "null", "{}", "{\"seconds\": 0, \"steps\": 7}")) {
      Files.writeString(finding, damaged);
      refused(experiment(), new ScaleLength.Seconds(10), "; delete it: that run is then made anew");
    }
    Files.delete(finding);
    refused(experiment(), new ScaleLength.Seconds(10), "; go on with --steps 236, or name another");
  }

  /** Its own first run would find another number of steps than those of the others have. */
  @Test
  void aFurtherCellBeforeTheOthersIsRefusedAtOnce() {
    stepsDone = 2_000;
    workers = List.of(1, 2);
    experiment().run(new ScaleLength.Seconds(10), 1);
    workers = List.of(4, 1, 2);

    refused(experiment(), new ScaleLength.Seconds(10), "; go on with --steps 236, or name another");
    refused(experiment(), new ScaleLength.Steps(300), "train.maxSteps = 236 instead of 300");

    experiment().run(new ScaleLength.Steps(236), 1);
    assertThat(made).containsExactly("4 round-1");
  }

  @Test
  void runsThatEndWithAnEpochAreNotMixedWithOthers() {
    experiment().run(untilReached(), 1);
    workers = List.of(4);
    ScaleJob pilot = new ScaleRuns(folder, grid(), job -> {}).pilot(cell(4), List.of(), null);
    assertThat(pilot.folder()).doesNotExist();

    refused(experiment(), new ScaleLength.Seconds(10), "some of whole epochs, as --until finds");
  }

  private static ScaleCell cell(int workers) {
    return new ScaleCell(workers, 1, 64);
  }

  private static ScaleLength untilReached() {
    return new ScaleLength.Until(new ScaleTarget(ScaleTarget.Figure.ACCURACY, 0.9));
  }

  @Test
  void aFirstRunThatHasReachedItsTargetIsTaken() {
    experiment().run(untilReached(), 1);
    made.clear();

    experiment().run(untilReached(), 1);
    experiment().run(new ScaleLength.Until(new ScaleTarget(ScaleTarget.Figure.ACCURACY, 0.85)), 1);
    assertThat(made).isEmpty();
  }

  /** Its rows have the accuracy when it is broken off within the first epoch, or the second. */
  @Test
  void whatAFirstRunReachesWithinAnEpochDoesNotCount() {
    stepsOfEpoch = 4;
    stepsDone = 40;
    for (int broken : List.of(2, 6)) {
      brokenOffAfter = broken;
      assertThatThrownBy(() -> experiment().run(untilReached(), 1))
          .isInstanceOf(ScaleException.class)
          .hasMessage("broken off");
    }
    brokenOffAfter = 0;
    made.clear();

    experiment().run(untilReached(), 1);

    assertThat(made).containsExactly("1 pilot", "1 round-1", "2 round-1", "4 round-1");
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("reaches accuracy=0.9 after 3 epochs");
  }
}
