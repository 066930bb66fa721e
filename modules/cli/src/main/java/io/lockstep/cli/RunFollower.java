package io.lockstep.cli;

import io.lockstep.EpochReport;
import io.lockstep.StepReport;
import io.lockstep.model.Metrics;
import io.lockstep.model.MetricsFollower;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary.Score;
import java.nio.file.Path;

/** Shows a run that another process trains, from the metrics that it writes. For one thread. */
final class RunFollower {

  private final MetricsFollower metrics;
  private final ProgressView view;
  private Metrics.Epoch pending;

  RunFollower(Path run, ProgressView view) {
    this.metrics = new MetricsFollower(run.resolve(RunFolder.METRICS));
    this.view = view;
  }

  /** Shows what is new. */
  void showMore(LaunchRecord launch) {
    for (Metrics line : metrics.more()) {
      switch (line) {
        case Metrics.Step step -> {
          showPending(launch, null);
          view.onStep(step(step, launch));
        }
        case Metrics.Epoch epoch -> {
          showPending(launch, null);
          pending = epoch;
        }
        case Metrics.Evaluation evaluation -> {
          boolean validation = evaluation.partition().equals("validation");
          Score score =
              new Score(
                  evaluation.loss(),
                  evaluation.accuracy(),
                  evaluation.deviance(),
                  evaluation.logLikelihood());
          showPending(launch, validation ? score : null);
        }
        case Metrics.Times times -> {}
      }
    }
  }

  /** An epoch's line comes before that of its validation, where there is one. */
  void showPending(LaunchRecord launch, Score validation) {
    if (pending != null) {
      view.onEpoch(
          new EpochReport(
              (int) pending.epoch(),
              launch.epochs(),
              pending.step(),
              new Score(pending.loss(), pending.accuracy()),
              validation,
              pending.learningRate(),
              pending.seconds(),
              pending.samplesPerSecond(),
              launch.isWhole(pending.step())));
      pending = null;
    }
  }

  private static StepReport step(Metrics.Step step, LaunchRecord launch) {
    double perStep = step.seconds() / Math.max(1, step.step());
    return new StepReport(
        step.step(),
        launch.steps(),
        (int) step.epoch(),
        launch.epochs(),
        step.loss(),
        step.accuracy() == null ? Double.NaN : step.accuracy(),
        step.learningRate(),
        step.samplesPerSecond(),
        step.seconds(),
        perStep * Math.max(0, launch.steps() - step.step()),
        true);
  }
}
