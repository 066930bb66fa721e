package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.config.Configuration;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary;
import io.lockstep.optim.LearningRateSchedule;
import io.lockstep.report.scale.ScaleCell;
import io.lockstep.report.scale.ScaleResults;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScaleExperimentTest extends ScaleFixture {

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
    ScaleExperiment.Measured measured = experiment().run(new ScaleLength.Seconds(1), 1);
    assertThat(experiment().run(new ScaleLength.Seconds(1), 1)).isEqualTo(measured);
    assertThat(measured.remarks()).hasSize(1);

    assertThat(said.toString(StandardCharsets.UTF_8).lines())
        .filteredOn(line -> line.startsWith("lockstep: --seconds 1: expected steps at one speed"))
        .hasSize(2)
        .allMatch(line -> line.endsWith("name more --seconds, or --steps"));
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
        .hasMessageContaining("accuracy=0.9 was not reached within 8 epochs")
        .hasMessageEndingWith("or more epochs by --set train.epochs and another --out");
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

  /** Its speed counts as one of all its workers. */
  @Test
  void saysWhichRunsLostAWorker() {
    events =
        List.of(
            new RunSummary.Event("joined", 0, "worker-0", ""),
            new RunSummary.Event("lost", 40, "worker-1", ""),
            new RunSummary.Event("traced", 50, "", ""),
            new RunSummary.Event("late", 60, "worker-0", ""));
    workers = List.of(2);
    ScaleExperiment.Measured measured = experiment().run(new ScaleLength.Steps(120), 2);

    assertThat(measured.remarks()).hasSize(2);
    assertThat(measured.remarks().getLast())
        .isEqualTo(
            "2 workers, 1 server, batch 64, round 2: step 40: worker-1 was lost, and the others do"
                + " its work (and 1 more): its speed is not that of an undisturbed run; delete "
                + run(2, "round-2")
                + " to have it made anew by the same command");
    assertThat(warnings()).hasSize(2).allMatch(line -> line.contains(": worker-1 was lost"));
  }

  @Test
  void ofRunsInWhichNothingHappenedNothingIsSaid() {
    events =
        List.of(
            new RunSummary.Event("mirrored", 3, "server-1", ""),
            new RunSummary.Event("replanned", 40, "worker-1", ""),
            new RunSummary.Event("of a later version", 41, "", ""));

    assertThat(experiment().run(new ScaleLength.Steps(120), 1).remarks()).isEmpty();
    assertThat(warnings()).isEmpty();
  }
}
