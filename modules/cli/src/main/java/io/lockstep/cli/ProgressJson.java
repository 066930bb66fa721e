package io.lockstep.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockstep.EpochReport;
import io.lockstep.RunInfo;
import io.lockstep.StepReport;
import io.lockstep.model.RunSummary;
import io.lockstep.model.RunSummary.Score;
import io.lockstep.training.RunEvent;

/**
 * What a run looks like to a program: from its events to lines of JSON, told apart by their {@code
 * event}. Numbers that are not finite become null.
 */
final class ProgressJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ProgressJson() {}

  /** What is about to happen. */
  static String start(RunInfo run) {
    ObjectNode line = line("start");
    line.put("name", run.name()).put("network", run.network()).put("parameters", run.parameters());
    line.put("trainRows", run.trainRows()).put("validationRows", run.validationRows());
    line.put("testRows", run.testRows()).put("epochs", run.epochs()).put("steps", run.steps());
    line.put("batch", run.batch()).put("microBatches", run.microBatches());
    line.put("workers", run.workers()).put("servers", run.servers()).put("simd", run.kernels());
    line.set("idleWorkers", JSON.valueToTree(run.idleWorkers()));
    return line.put("folder", run.folder().map(Object::toString).orElse(null)).toString();
  }

  /** Where the run stands. */
  static String step(StepReport step) {
    ObjectNode line = line("step");
    line.put("step", step.step()).put("steps", step.stepsTotal());
    line.put("epoch", step.epoch()).put("epochs", step.epochs());
    line.put("loss", finite(step.loss())).put("accuracy", finite(step.accuracy()));
    line.put("learningRate", finite(step.learningRate()));
    line.put("samplesPerSecond", finite(step.samplesPerSecond()));
    line.put("seconds", finite(step.seconds()));
    return line.put("secondsLeft", finite(step.secondsLeft())).toString();
  }

  /** An epoch that ended. */
  static String epoch(EpochReport epoch) {
    ObjectNode line = line("epoch");
    line.put("epoch", epoch.epoch()).put("epochs", epoch.epochs()).put("step", epoch.step());
    line.put("whole", epoch.whole());
    line.set("train", score(epoch.train()));
    line.set("validation", score(epoch.validation()));
    line.put("learningRate", finite(epoch.learningRate()));
    line.put("seconds", finite(epoch.seconds()));
    return line.put("samplesPerSecond", finite(epoch.samplesPerSecond())).toString();
  }

  /** Who joined, left, was refused or lost, and what else a person should know. */
  static String event(RunEvent event) {
    return line(event.what().word())
        .put("step", event.step())
        .put("node", event.node())
        .put("detail", event.detail())
        .toString();
  }

  /** What came out: the content of {@code run.json} and the folder. */
  static String end(RunSummary run, String folder) {
    ObjectNode line = line("end").put("folder", folder);
    try {
      line.setAll((ObjectNode) JSON.readTree(run.toJson()));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a summary is JSON", impossible);
    }
    return line.toString();
  }

  /** Scores of rows; null if there are none. */
  static ObjectNode score(Score score) {
    if (score == null) {
      return null;
    }
    ObjectNode node = JSON.createObjectNode().put("loss", finite(score.loss()));
    node.put("accuracy", score.accuracy());
    if (score.logLikelihood() != null) {
      node.put("deviance", finite(score.deviance()));
      node.put("logLikelihood", finite(score.logLikelihood()));
    }
    if (score.quality() != null) {
      node.set("quality", JSON.valueToTree(score.quality()));
    }
    return node;
  }

  /** An object with its {@code event}. */
  static ObjectNode line(String event) {
    return JSON.createObjectNode().put("event", event);
  }

  private static Double finite(double number) {
    return Double.isFinite(number) ? number : null;
  }
}
