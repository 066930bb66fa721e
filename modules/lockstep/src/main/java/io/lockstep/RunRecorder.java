package io.lockstep;

import io.lockstep.data.Dataset;
import io.lockstep.data.ImageShape;
import io.lockstep.data.Partitions;
import io.lockstep.model.CoefficientTable;
import io.lockstep.model.Encoding;
import io.lockstep.model.Metrics;
import io.lockstep.model.MetricsLog;
import io.lockstep.model.ModelException;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary;
import io.lockstep.model.RunSummary.Score;
import io.lockstep.model.checkpoint.Progress;
import io.lockstep.nn.Network;
import io.lockstep.training.Job;
import io.lockstep.training.RunEvent;
import io.lockstep.training.TrainingState;
import io.lockstep.training.trace.NodeTrace;
import io.lockstep.training.trace.RunTrace;
import io.lockstep.training.trace.TraceFile;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Keeps a run in its folder: the encoding at once, metrics and checkpoints as they come, weights
 * and summary at the end.
 */
final class RunRecorder implements StateListener, AutoCloseable {

  private final RunFolder folder;
  private final Network network;
  private final MetricsLog metrics;
  private final CheckpointKeeper checkpoints;
  private final Consumer<RunEvent> happened;
  private boolean prepared;

  /**
   * @param checkpoints closed with the recorder
   * @param happened told of what a person should know
   */
  RunRecorder(
      RunFolder folder, Job job, CheckpointKeeper checkpoints, Consumer<RunEvent> happened) {
    this.folder = folder;
    this.network = job.network();
    this.checkpoints = checkpoints;
    this.happened = happened;
    folder.writeEncoding(encoding(job.data()));
    this.metrics = folder.openMetrics();
  }

  static Encoding encoding(Partitions partitions) {
    Dataset data = partitions.train().data();
    ImageShape image = data.image();
    return new Encoding(
        data.width(),
        data.outputs(),
        data.classNames(),
        image == null ? 0 : image.width(),
        image == null ? 0 : image.height(),
        partitions.scaling().scale(),
        partitions.scaling().shift(),
        partitions.encoding(),
        data.hasOffsets(),
        partitions.codes());
  }

  @Override
  public void onStep(StepReport step) {
    if (!prepared) { // Not before: until the first step both cores have enough to do.
      checkpoints.prepare();
      prepared = true;
    }
    if (step.regular()) {
      Double accuracy = Double.isNaN(step.accuracy()) ? null : Double.valueOf(step.accuracy());
      metrics.write(
          new Metrics.Step(
              step.step(),
              step.epoch(),
              step.loss(),
              accuracy,
              step.learningRate(),
              step.samplesPerSecond(),
              step.seconds()));
    }
  }

  @Override
  public void onEpoch(EpochReport epoch) {
    metrics.write(
        new Metrics.Epoch(
            epoch.step(),
            epoch.epoch(),
            epoch.train().loss(),
            epoch.train().accuracy(),
            epoch.learningRate(),
            epoch.samplesPerSecond(),
            epoch.seconds()));
    write("validation", epoch.step(), epoch.epoch(), epoch.validation(), epoch.seconds());
    if (epoch.validation() != null) {
      checkpoints.validated(epoch.step(), epoch.validation().loss());
    }
  }

  @Override
  public void times(Metrics.Times times) {
    metrics.write(times);
  }

  @Override
  public void traced(RunTrace trace) {
    long step = trace.window().first();
    try {
      folder.writeTrace(json -> TraceFile.write(trace, json));
      happened.accept(new RunEvent(RunEvent.What.TRACED, step, "", TraceWords.of(trace)));
    } catch (ModelException failure) { // No reason to end a training.
      untraced(step, failure.getMessage());
    } catch (OutOfMemoryError full) {
      untraced(step, NodeTrace.NO_ROOM);
    }
  }

  private void untraced(long step, String why) {
    happened.accept(new RunEvent(RunEvent.What.UNTRACED, step, "", why));
  }

  @Override
  public void checkpointing(long version, Progress progress) {
    checkpoints.announce(version, progress);
  }

  @Override
  public void checkpoint(TrainingState state) {
    checkpoints.keep(state);
  }

  private void write(String partition, long step, long epoch, Score score, double seconds) {
    if (score != null) {
      metrics.write(
          new Metrics.Evaluation(
              partition,
              step,
              epoch,
              score.loss(),
              score.accuracy(),
              score.deviance(),
              score.logLikelihood(),
              seconds));
    }
  }

  /** Keeps the last weights, as soon as they are known: an evaluation may take long. */
  @Override
  public void trained(float[] weights) {
    write(weights);
  }

  private void write(float[] weights) {
    folder.writeWeights(network.parameters(), weights, Map.of("format", "lockstep"));
  }

  /** Writes how the run ended, and its weights if they are not the last ones. */
  void finish(RunSummary summary, FinalWeights weights) {
    boolean last = weights.version() == summary.steps();
    if (!last) {
      write(weights.theta());
    }
    folder.writeSummary(summary);
    long epoch = last ? summary.epochs() : summary.weightsEpoch();
    if (last && summary.status() == RunSummary.Status.STOPPED) {
      write("validation", weights.version(), epoch, summary.validation(), summary.seconds());
    }
    write("test", weights.version(), epoch, summary.test(), summary.seconds());
  }

  /** Adds the coefficients of a run that is finished: what they are worth may take long to say. */
  void coefficients(CoefficientTable coefficients) {
    folder.writeCoefficients(coefficients);
  }

  @Override
  public void close() {
    try (MetricsLog closedLast = metrics) {
      checkpoints.close();
    }
  }
}
