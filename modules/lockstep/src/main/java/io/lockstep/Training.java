package io.lockstep;

import io.lockstep.cluster.LocalRun;
import io.lockstep.cluster.RunResult;
import io.lockstep.cluster.RunSettings;
import io.lockstep.config.Configuration;
import io.lockstep.config.TrainSettings;
import io.lockstep.data.DataRequest;
import io.lockstep.data.Partitions;
import io.lockstep.data.Sampler;
import io.lockstep.kernels.Kernels;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary;
import io.lockstep.nn.Network;
import io.lockstep.training.Assignment;
import io.lockstep.training.Epochs;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Job;
import io.lockstep.training.MicroBatches;
import io.lockstep.training.Replica;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * One training of one configuration: workers and parameter servers in this JVM.
 *
 * <p>Created with everything checked and the data read; {@link #run} once. {@link #stop} may be
 * called by any thread; the rest by one.
 */
public final class Training {

  private final Configuration configuration;
  private final String dataName;
  private final Job job;
  private final RunSettings settings;
  private final RunEvents events;
  private final List<TrainingListener> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean stopped;
  private volatile LocalRun running;
  private boolean used;
  private RuntimeException listenerFailure;

  private Training(Configuration configuration, String dataName, Partitions data) {
    this.dataName = dataName;
    this.configuration = configuration;
    Kernels kernels = Kernels.select(configuration.kernels());
    TrainSettings train = configuration.train();
    Network network = configuration.toNetwork(data.train().data());
    Sampler sampler = new Sampler(train.seed(), data.train().size(), train.batch());
    Epochs epochs = new Epochs(sampler, train.epochs(), train.maxSteps());
    this.job =
        new Job(
            network,
            data,
            new MicroBatches(train.batch(), train.microBatches()),
            epochs,
            configuration.optimizer().toOptimizer(),
            configuration.toSchedule(epochs.steps()),
            train.seed());
    requireRoom();
    this.settings =
        new RunSettings(
            configuration.cluster().workers(),
            configuration.cluster().servers(),
            configuration.cluster().bucketBytes(),
            kernels);
    this.events =
        new RunEvents(
            epochs,
            job.schedule(),
            train.reportEvery(),
            network.family().classification(),
            !data.validation().isEmpty());
  }

  /** An array holds 2³¹ floats at most, and a pass keeps the values of its rows in one. */
  private void requireRoom() {
    int rows = Replica.passRows(job.microBatches(), job.mostRows());
    long most = Integer.MAX_VALUE / Math.max(1, job.network().bytesPerRow() / Float.BYTES);
    if (rows > most) {
      throw configuration.problem(
          "train.microBatches",
          "micro-batches of at most %d rows for this network".formatted(most),
          "%d (%d rows each)".formatted(job.microBatches().count(), job.microBatches().leafRows()));
    }
  }

  /**
   * A training on the data that the configuration names, looked for where this process's
   * environment says.
   *
   * @throws io.lockstep.config.ConfigurationException if the configuration does not fit the data
   * @throws io.lockstep.data.DataException if the data cannot be had or are damaged
   * @throws IllegalArgumentException if the CPU lacks the kernels asked for
   */
  public static Training create(Configuration configuration) {
    return create(configuration, DataRequest.ofProcess());
  }

  /** As {@link #create(Configuration)}, with the data looked for as asked. */
  public static Training create(Configuration configuration, DataRequest request) {
    Kernels.select(configuration.kernels()); // Refused before the data are fetched.
    return new Training(
        configuration, configuration.data().name(), configuration.loadData(request));
  }

  /** A training on the program's own data; the configuration's {@code data} is not used. */
  public static Training create(Configuration configuration, Partitions data) {
    return new Training(configuration, data.train().data().name(), data);
  }

  /** Names the data, whatever the split and the scaling. */
  public String dataSha256() {
    return job.data().sha256();
  }

  /** Adds a listener, before {@link #run}. */
  public Training addListener(TrainingListener listener) {
    listeners.add(listener);
    return this;
  }

  /**
   * Ends the run at the next step, with what was learned so far; may be called before, during and
   * after it.
   */
  public void stop() {
    stopped = true;
    LocalRun run = running;
    if (run != null) {
      run.stop();
    }
  }

  /**
   * Trains without keeping anything but what is returned.
   *
   * @throws DivergedException if the loss or a weight stops being finite
   */
  public TrainedModel run() {
    return run(Optional.empty());
  }

  /**
   * Trains and keeps configuration, metrics, weights and summary in a new folder.
   *
   * @param folder does not exist or is empty
   * @throws io.lockstep.model.ModelException before the first step if the folder cannot be written
   * @throws DivergedException if the loss or a weight stops being finite; the last good weights are
   *     in the folder
   */
  public TrainedModel run(Path folder) {
    return run(Optional.of(folder));
  }

  private TrainedModel run(Optional<Path> path) {
    if (used) {
      throw new IllegalStateException("a training runs once; create another");
    }
    used = true;
    if (path.isEmpty()) {
      return run(path, Optional.empty());
    }
    RunFolder folder = RunFolder.create(path.get(), configuration.toHocon());
    try (RunRecorder recorder = new RunRecorder(folder, job.data(), job.network())) {
      listeners.addFirst(recorder);
      return run(path, Optional.of(recorder));
    }
  }

  private TrainedModel run(Optional<Path> path, Optional<RunRecorder> recorder) {
    String begun = Instant.now().toString();
    RunInfo info = info(path);
    listeners.forEach(listener -> listener.onStart(info));
    RunResult result = train();
    RunSummary summary =
        new Summaries(configuration, dataName, job, settings, events)
            .summary(begun, stopped, result);
    recorder.ifPresent(r -> r.finish(summary));
    if (listenerFailure != null) {
      throw new IllegalStateException(
          "a listener failed, and the run was stopped: " + listenerFailure.getMessage(),
          listenerFailure);
    }
    result.divergence().ifPresent(divergence -> fail(divergence, summary));
    listeners.forEach(listener -> listener.onEnd(summary));
    return new TrainedModel(summary, Model.of(job, result.weights(), settings.kernels()));
  }

  private RunResult train() {
    try (LocalRun run = LocalRun.start(job, settings, events)) {
      running = run;
      if (stopped) {
        run.stop();
      }
      Future<RunResult> result =
          run.result().toCompletableFuture().whenComplete((r, e) -> events.end());
      tellListeners();
      return result.get();
    } catch (ExecutionException e) {
      Throwable cause =
          e.getCause() instanceof CompletionException c && c.getCause() != null
              ? c.getCause()
              : e.getCause();
      throw cause instanceof RuntimeException r
          ? r
          : new IllegalStateException("the run failed", cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while training", e);
    } finally {
      running = null;
    }
  }

  /** A listener that fails ends the run like {@link #stop}: what was learned so far is kept. */
  private void tellListeners() throws InterruptedException {
    Optional<Consumer<TrainingListener>> report = events.take();
    while (report.isPresent()) {
      for (TrainingListener listener : listeners) {
        tell(listener, report.get());
      }
      report = events.take();
    }
  }

  private void tell(TrainingListener listener, Consumer<TrainingListener> report) {
    try {
      report.accept(listener);
    } catch (RuntimeException e) {
      if (listenerFailure == null) {
        listenerFailure = e;
        stop();
      }
    }
  }

  private void fail(RunResult.Divergence divergence, RunSummary summary) {
    String layer = job.network().layers().get(divergence.layer()).name();
    throw new DivergedException(divergence.step(), layer, summary.message());
  }

  private RunInfo info(Optional<Path> folder) {
    Assignment assignment = Assignment.of(job.mostLeaves(), settings.workers(), Integer.MAX_VALUE);
    return new RunInfo(
        configuration.name(),
        job.network().toString(),
        job.network().parameters().canonicalLength(),
        job.data().train().size(),
        job.data().validation().size(),
        Evaluation.TEST.rows(job).size(),
        job.epochs().epochs(),
        job.epochs().steps(),
        job.microBatches().batch(),
        job.mostLeaves(),
        settings.workers(),
        IntStream.range(assignment.busyWorkers(), settings.workers()).boxed().toList(),
        settings.servers(),
        settings.kernels().choice().toString(),
        folder);
  }
}
