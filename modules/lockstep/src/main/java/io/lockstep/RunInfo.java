package io.lockstep;

import io.lockstep.cluster.RunSettings;
import io.lockstep.config.Configuration;
import io.lockstep.training.Assignment;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Job;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A run that is about to begin.
 *
 * @param name of the configuration
 * @param network one line that describes the network, such as {@code 784-128-10 relu, categorical}
 * @param parameters number of weights and biases
 * @param trainRows rows to learn from
 * @param validationRows rows held out
 * @param testRows rows of the test set
 * @param epochs epochs of the whole run
 * @param steps steps of the whole run: those of its epochs, or fewer by {@code train.maxSteps}
 * @param batch rows of a step, over all workers
 * @param microBatches micro-batches of a full step that have rows
 * @param workers number of workers
 * @param idleWorkers numbers of the workers that have nothing to do, since there are fewer
 *     micro-batches than workers
 * @param servers number of parameter servers
 * @param kernels the kernels in use, such as {@code vector512}
 * @param folder where the run is kept, if anywhere
 */
public record RunInfo(
    String name,
    String network,
    int parameters,
    int trainRows,
    int validationRows,
    int testRows,
    int epochs,
    long steps,
    int batch,
    int microBatches,
    int workers,
    List<Integer> idleWorkers,
    int servers,
    String kernels,
    Optional<Path> folder) {

  /** What is known before the first step. */
  static RunInfo of(
      Configuration configuration, Job job, RunSettings settings, Optional<Path> folder) {
    Assignment assignment = Assignment.of(job.mostLeaves(), settings.workers(), Integer.MAX_VALUE);
    return new RunInfo(
        configuration.name(),
        job.network().toString(),
        job.network().parameters().trainedCount(),
        job.data().train().size(),
        job.data().validation().size(),
        Evaluation.TEST.rows(job).size(),
        job.epochs().epochs(),
        job.epochs().steps(),
        job.microBatches().batch(),
        job.mostLeaves(),
        settings.workers(),
        IntStream.range(0, settings.workers())
            .filter(worker -> assignment.unitsOf(worker) == 0)
            .boxed()
            .toList(),
        settings.servers(),
        settings.kernels().choice().toString(),
        folder);
  }

  /** Steps of an epoch; the last may have fewer rows. */
  public long stepsPerEpoch() {
    return Math.ceilDiv(trainRows, batch);
  }

  /** Steps of {@link #epochs()} whole epochs: more than {@link #steps()} where there is a limit. */
  public long stepsOfEpochs() {
    return stepsPerEpoch() * epochs;
  }
}
