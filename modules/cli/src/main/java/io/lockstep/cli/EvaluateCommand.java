package io.lockstep.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockstep.Model;
import io.lockstep.config.Configuration;
import io.lockstep.data.Partition;
import io.lockstep.data.Partitions;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary.Score;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockstep evaluate}. */
@Command(
    name = "evaluate",
    description =
        "Computes loss, accuracy, deviance and log-likelihood of a run's weights on its validation and test rows, or, where there are neither, on those that it learned from; of classes the confusion matrix with precision and recall and the calibration of probabilities, of two classes the area under the ROC curve and the Brier score, of numbers RMSE, MAE and R².",
    footer = {
      "",
      "Examples:",
      "  lockstep evaluate runs/digits-20260101-120000",
      "  lockstep evaluate runs/digits-20260101-120000 --json"
    })
final class EvaluateCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(paramLabel = "RUN", description = "The folder of a run.")
  private Path run;

  @Mixin private JarOption jars = new JarOption();

  @Option(names = "--json", description = "Print one line of JSON.")
  private boolean json;

  EvaluateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    RunArgument.require(run);
    Model model = Model.load(run, jars.read());
    Configuration configuration = Configuration.load(RunFolder.open(run).configFile());
    Partitions data = RunData.load(run, configuration, terminal);
    Score validation = score(model, data.validation());
    Score test = score(model, data.test());
    boolean heldOut = validation != null || test != null;
    lines(heldOut ? null : score(model, data.train()), validation, test)
        .forEach(terminal.out()::println);
    return ExitCode.OK;
  }

  private static Score score(Model model, Partition rows) {
    return rows.isEmpty() ? null : model.evaluate(rows);
  }

  private List<String> lines(Score train, Score validation, Score test) {
    if (!json) {
      return ProgressText.allScores(train, validation, test);
    }
    ObjectNode line = ProgressJson.line("evaluation").put("folder", run.toString());
    if (train != null) {
      line.set("train", ProgressJson.score(train));
    }
    line.set("validation", ProgressJson.score(validation));
    line.set("test", ProgressJson.score(test));
    return List.of(line.toString());
  }
}
