package io.lockstep.cli;

import io.lockstep.DivergedException;
import io.lockstep.Model;
import io.lockstep.Training;
import io.lockstep.config.Configuration;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary;
import io.lockstep.model.RunSummary.Score;
import io.lockstep.report.RepeatedRuns.Result;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One run of those that {@code repeat} makes.
 *
 * @param path its folder
 * @param terminal for the progress of a download
 */
record RepeatedRun(Path path, Terminal terminal) {

  /**
   * What it ends with. If it is there and finished it is not trained again, and if it was broken
   * off it goes on.
   *
   * @throws BadInputException if the run that is there has another configuration
   */
  Result result(Configuration configuration) {
    Training.warmUp(configuration);
    Training training = Training.create(configuration, RunData.request(terminal));
    if (RunFolder.isRun(path)) {
      new EarlierRun(path).requireSameResult(configuration);
      if (Files.exists(RunFolder.open(path).summaryFile())) {
        return result(RunFolder.open(path).readSummary(), training);
      }
      training.restart(path, "it was broken off");
    }
    try {
      return result(training.run(path).summary(), training);
    } catch (DivergedException diverged) {
      return result(RunFolder.open(path).readSummary(), training);
    }
  }

  /** The training rows are scored by the weights that are left. */
  private Result result(RunSummary summary, Training training) {
    if (summary.status() == RunSummary.Status.DIVERGED) {
      return new Result(summary.seed(), Double.NaN, null, null);
    }
    Model model = Model.load(path);
    Score train = model.evaluate(training.data().train());
    Score test = summary.test();
    return new Result(
        summary.seed(),
        train.loss(),
        test == null ? null : test.loss(),
        test == null ? null : test.accuracy());
  }
}
