package io.lockstep;

import io.lockstep.cluster.RunResult;
import io.lockstep.cluster.RunSettings;
import io.lockstep.config.Configuration;
import io.lockstep.model.RunSummary;
import io.lockstep.model.RunSummary.Outcome;
import io.lockstep.model.RunSummary.Score;
import io.lockstep.model.RunSummary.Scores;
import io.lockstep.model.RunSummary.Setup;
import io.lockstep.model.RunSummary.Status;
import io.lockstep.model.WeightsHash;
import io.lockstep.nn.Sums;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Job;
import io.lockstep.training.RunEnd;
import io.lockstep.training.RunEvent;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Puts together the summary of a run that ended. */
record Summaries(
    Configuration configuration, String dataName, Job job, RunSettings settings, RunEvents events) {

  /** So that worker-10 comes after worker-9. */
  private static final Comparator<RunEnd.NodeWork> BY_NAME =
      Comparator.comparing((RunEnd.NodeWork work) -> work.node().length())
          .thenComparing(RunEnd.NodeWork::node);

  /** The weights that the run leaves. */
  FinalWeights weights(RunResult result, Optional<BestWeights> best) {
    long version = events.validations().bestVersion();
    boolean good = result.divergence().isEmpty() && version > 0;
    if (best.isEmpty() || !good || version == result.steps()) {
      Model last = Model.of(configuration, job, result.weights(), settings.kernels());
      return new FinalWeights(
          result.steps(),
          best.isPresent() && good,
          result.weights(),
          score(result, Evaluation.VALIDATION, last),
          score(result, Evaluation.TEST, last));
    }
    float[] theta = best.get().of(version);
    Model model = Model.of(configuration, job, theta, settings.kernels());
    return new FinalWeights(
        version,
        true,
        theta,
        model.evaluate(job.data().validation()),
        job.data().test().isEmpty() ? null : model.evaluate(job.data().test()));
  }

  RunSummary summary(String started, boolean stopped, RunResult result, FinalWeights weights) {
    Setup setup =
        new Setup(
            settings.workers(),
            settings.servers(),
            job.mostLeaves(),
            job.seed(),
            job.network().parameters().trainedCount(),
            dataName,
            job.data().sha256(),
            configuration.jars().stream()
                .map(jar -> new RunSummary.UsedJar(jar.name(), jar.sha256()))
                .toList(),
            settings.kernels().choice().toString(),
            started);
    Scores scores = new Scores(events.train(), weights.validation(), weights.test());
    return RunSummary.of(setup, outcome(stopped, result, weights), scores);
  }

  private Outcome outcome(boolean stopped, RunResult result, FinalWeights weights) {
    boolean whole = result.steps() == job.epochs().steps() || events.stoppedEarly().isPresent();
    Status status =
        result.divergence().isPresent()
            ? Status.DIVERGED
            : stopped && !whole ? Status.STOPPED : Status.FINISHED;
    List<RunEnd.NodeWork> work = result.nodes().stream().sorted(BY_NAME).toList();
    List<Long> microBatches =
        work.stream().map(RunEnd.NodeWork::microBatches).flatMap(List::stream).toList();
    List<RunSummary.Node> nodes =
        work.stream()
            .map(
                n ->
                    new RunSummary.Node(
                        n.node(), n.microBatches(), n.bytesSent(), n.bytesReceived()))
            .toList();
    List<RunSummary.Event> changes =
        events.happened().stream()
            .map(e -> new RunSummary.Event(e.what().word(), e.step(), e.node(), e.detail()))
            .toList();
    return new Outcome(
        status,
        message(status, result, weights),
        WeightsHash.sha256(job.network().parameters(), weights.theta()),
        weights.best() ? epochOf(weights) : null,
        result.steps(),
        result.steps() / job.epochs().sampler().stepsPerEpoch(),
        microBatches,
        nodes,
        changes,
        events.seconds(),
        events.samplesPerSecond());
  }

  /** From 1, as epochs are reported. */
  private int epochOf(FinalWeights weights) {
    return job.epochs().epochOf(weights.version() - 1) + 1;
  }

  private String message(Status status, RunResult result, FinalWeights weights) {
    return switch (status) {
      case FINISHED -> {
        List<String> parts =
            Stream.of(events.stoppedEarly().map(this::early), restored(result, weights))
                .flatMap(Optional::stream)
                .toList();
        yield parts.isEmpty() ? null : String.join("; ", parts);
      }
      case STOPPED ->
          "stopped after step %,d of %,d".formatted(result.steps(), job.epochs().steps())
              + restored(result, weights).map("; "::concat).orElse("");
      case DIVERGED -> {
        RunResult.Divergence divergence = result.divergence().orElseThrow();
        yield ("step %d gave a loss or weights that are not finite, first in layer %s; the weights after step %d are kept;"
                + " a smaller optimizer.learningRate may help (it is %s)")
            .formatted(
                divergence.step() + 1,
                job.network().layers().get(divergence.layer()).name(),
                result.steps(),
                configuration.optimizer().learningRate());
      }
    };
  }

  private String early(RunEvent stop) {
    return "stopped early, after epoch %d of %d: %s"
        .formatted(job.epochs().epochOf(stop.step() - 1) + 1, job.epochs().epochs(), stop.detail());
  }

  private Optional<String> restored(RunResult result, FinalWeights weights) {
    return weights.version() == result.steps()
        ? Optional.empty()
        : Optional.of("the weights are the best, those of epoch %d".formatted(epochOf(weights)));
  }

  private Score score(RunResult result, Evaluation evaluation, Model model) {
    Sums sums = result.evaluations().get(evaluation);
    return sums == null ? null : events.evaluation(sums).with(model.quality(evaluation.rows(job)));
  }
}
