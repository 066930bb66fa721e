package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.EpochReport;
import io.lockstep.RunInfo;
import io.lockstep.model.RunSummary.Score;
import io.lockstep.model.RunSummary.Status;
import io.lockstep.training.RunEvent;
import io.lockstep.training.RunEvent.What;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProgressTextTest {

  @Test
  void announcesNetworkDataAndWork() {
    assertThat(ProgressText.start(Samples.info(2, List.of())))
        .containsExactly(
            "digits: 784-128-10 relu, categorical, 101,770 parameters",
            "data: 22,500 rows to train, 2,500 to validate, 5,000 to test",
            "work: 8 epochs, 1,408 steps of 128 rows in 4 micro-batches; 2 workers,"
                + " 1 parameter server, vector512");
  }

  @Test
  void saysHowManyStepsALimitLeavesOfTheEpochs() {
    RunInfo whole = Samples.info(2, List.of());
    RunInfo cut =
        new RunInfo(
            whole.name(),
            whole.network(),
            whole.parameters(),
            whole.trainRows(),
            whole.validationRows(),
            whole.testRows(),
            whole.epochs(),
            200,
            whole.batch(),
            whole.microBatches(),
            whole.workers(),
            whole.idleWorkers(),
            whole.servers(),
            whole.kernels(),
            whole.folder());

    assertThat(ProgressText.start(cut).getLast())
        .startsWith("work: at most 200 steps (8 epochs would be 1,408) of 128 rows in 4");
  }

  @Test
  void saysThatAnEpochWasCutOff() {
    EpochReport cut =
        new EpochReport(
            2, 8, 200, new Score(0.5, 0.9), new Score(0.4, 0.91), 0.001, 1.5, 15_947, false);

    assertThat(ProgressText.epoch(cut))
        .isEqualTo(
            "epoch 2/8  (cut off)  train 0.5000 90.00 %  valid 0.4000 91.00 %  1.5 s"
                + "  15,947 rows/s");
  }

  @Test
  void namesIdleWorkers() {
    assertThat(ProgressText.start(Samples.info(6, List.of(4, 5))).getLast())
        .isEqualTo(
            "idle: workers 4, 5, since a step has only 4 micro-batches; more with"
                + " train.microBatches");
    assertThat(ProgressText.start(Samples.info(5, List.of(4))).getLast())
        .startsWith("idle: worker 4, since");
  }

  @Test
  void showsAllOnAWideTerminal() {
    assertThat(ProgressText.step(Samples.step(0.0297, 0.9961, 5), 110))
        .isEqualTo(
            "[============            ]  epoch 4/8  step 704/1,408  loss 0.0297  accuracy 99.61 %"
                + "  41,235 rows/s  0:05 left");
  }

  @Test
  void showsAllWithoutABarWhereThereIsNoTerminal() {
    assertThat(ProgressText.step(Samples.step(0.0297, 0.9961, 5)))
        .isEqualTo(
            "epoch 4/8  step 704/1,408  loss 0.0297  accuracy 99.61 %  41,235 rows/s  0:05 left");
  }

  @Test
  void leavesOutWhatMattersLeastOnANarrowTerminal() {
    assertThat(ProgressText.step(Samples.step(0.0297, 0.9961, 5), 60))
        .isEqualTo("epoch 4/8  loss 0.0297  accuracy 99.61 %  0:05 left");
    assertThat(ProgressText.step(Samples.step(0.0297, 0.9961, 5), 40))
        .isEqualTo("epoch 4/8  loss 0.0297  0:05 left");
  }

  @Test
  void saysWhoseShareFollowsItsSpeed() {
    String detail = "2 of 16 micro-batches; one takes it 36.5 ms, others 12.8 ms";

    assertThat(ProgressText.event(new RunEvent(What.REPLANNED, 31, "worker-2", detail)))
        .isEqualTo(
            "step 31: worker-2 gets a share by its speed: 2 of 16 micro-batches;"
                + " one takes it 36.5 ms, others 12.8 ms");
  }

  @Test
  void saysWhatFollowsFromALostNode() {
    String why = "its process ended or cannot be reached";

    assertThat(ProgressText.event(new RunEvent(What.LOST, 31, "worker-2", why)))
        .isEqualTo("step 31: worker-2 was lost, and the others do its work: " + why);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 20, 33, 40, 57, 64, 79, 80, 99, 120, 200})
  void neverExceedsTheWidth(int width) {
    assertThat(ProgressText.step(Samples.step(12.5, 0.5, 99_999), width))
        .hasSizeLessThanOrEqualTo(width);
  }

  @Test
  void leavesOutAccuracyOfRegressions() {
    assertThat(ProgressText.step(Samples.step(0.5, Double.NaN, 5), 110))
        .contains("loss 0.5000  41,235 rows/s");
    assertThat(ProgressText.scores(null, null, new Score(0.5, null)))
        .containsExactly("        loss", "test  0.5000");
  }

  @Test
  void showsDevianceAndLogLikelihoodWhereThereIsNoAccuracy() {
    assertThat(
            ProgressText.scores(new Score(0.5, null), null, new Score(0.5, null, 1234.5, -617.25)))
        .containsExactly(
            "         loss  deviance  log-likelihood",
            "train  0.5000         -               -",
            "test   0.5000  1,234.50         -617.25");
    assertThat(ProgressText.allScores(null, null, new Score(0.5, 0.75, 100.0, -50.0)))
        .containsExactly(
            "        loss  accuracy  deviance  log-likelihood",
            "test  0.5000   75.00 %    100.00          -50.00");
  }

  @Test
  void showsAnEpochWithAndWithoutValidation() {
    assertThat(ProgressText.epoch(Samples.epoch(new Score(0.0731, 0.9848))))
        .isEqualTo("epoch 4/8  train 0.0443 99.18 %  valid 0.0731 98.48 %  5.6 s  15,947 rows/s");
    assertThat(ProgressText.epoch(Samples.epoch(null)))
        .isEqualTo("epoch 4/8  train 0.0443 99.18 %  5.6 s  15,947 rows/s");
  }

  @Test
  void endsWithScoresFolderHashAndSpeed() {
    assertThat(
            ProgressText.end(
                Samples.summary(Status.FINISHED, null, new Score(0.0587, 0.9844)), "runs/a"))
        .containsExactly(
            "              loss  accuracy",
            "train       0.0186   99.82 %",
            "validation  0.0587   98.44 %",
            "test        0.0599   98.30 %",
            "",
            "folder   runs/a",
            "weights  sha256 ab12",
            "steps    1,408 in 8.3 s, 21,760 rows/s");
  }

  @Test
  void saysThatARunWasStopped() {
    assertThat(ProgressText.end(Samples.summary(Status.FINISHED, "stopped early", null), "runs/a"))
        .contains("note     stopped early");
    assertThat(ProgressText.end(Samples.summary(Status.STOPPED, "stopped after 3", null), "runs/a"))
        .contains("note     stopped after 3")
        .noneMatch(line -> line.startsWith("validation"));
  }
}
