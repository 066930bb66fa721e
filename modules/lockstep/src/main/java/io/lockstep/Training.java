package io.lockstep;

import io.lockstep.cluster.Checkpointing;
import io.lockstep.cluster.ClusterTarget;
import io.lockstep.cluster.LocalRun;
import io.lockstep.cluster.NodeAddresses;
import io.lockstep.cluster.Run;
import io.lockstep.cluster.RunResult;
import io.lockstep.cluster.RunSettings;
import io.lockstep.config.CheckpointSettings;
import io.lockstep.config.Configuration;
import io.lockstep.data.DataRequest;
import io.lockstep.data.Partitions;
import io.lockstep.model.RunCopy;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunLock;
import io.lockstep.model.RunSummary;
import io.lockstep.model.checkpoint.Basis;
import io.lockstep.model.checkpoint.Checkpoint;
import io.lockstep.training.Assignment;
import io.lockstep.training.Evaluation;
import io.lockstep.training.Job;
import io.lockstep.training.NumericsRevision;
import io.lockstep.training.RunEvent;
import io.lockstep.training.Validations;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * One training of one configuration: by workers and parameter servers in this JVM, or by the nodes
 * of a cluster.
 *
 * <p>Created with everything checked and the data read; {@link #run} once. {@link #stop} may be
 * called by any thread; the rest by one.
 */
public final class Training {

  private static final double MILLIS_PER_MINUTE = 60_000;

  private final Configuration configuration;
  private final String dataName;
  private final Job job;
  private RunSettings settings;
  private Optional<ClusterTarget> cluster = Optional.empty();
  private final RunEvents events;
  private final List<TrainingListener> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean stopped;
  private volatile boolean timeIsOver;
  private volatile Run running;
  private Optional<ResumedRun> resumed = Optional.empty();

  /** Why the run goes on by itself; empty if it does not. */
  private Optional<String> restartedAfter = Optional.empty();

  private boolean used;
  private RuntimeException listenerFailure;

  private Training(Configuration configuration, String dataName, Partitions data) {
    this.dataName = dataName;
    this.configuration = configuration;
    this.job = Jobs.of(configuration, data);
    this.settings =
        new RunSettings(
            configuration.cluster().workers(),
            configuration.cluster().servers(),
            configuration.cluster().bucketBytes(),
            MachineKernels.of(configuration),
            false);
    this.events = new RunEvents(job, configuration.train().reportEvery());
  }

  /**
   * A training on the data that the configuration names, looked for where this process's
   * environment says.
   *
   * @throws io.lockstep.config.ConfigurationException if the configuration does not fit the data,
   *     or this machine lacks the kernels asked for
   * @throws io.lockstep.data.DataException if the data cannot be had or are damaged
   */
  public static Training create(Configuration configuration) {
    return create(configuration, DataRequest.ofProcess());
  }

  /** As {@link #create(Configuration)}, with the data looked for as asked. */
  public static Training create(Configuration configuration, DataRequest request) {
    MachineKernels.of(configuration); // Refused before the data are fetched.
    return new Training(
        configuration, configuration.data().name(), configuration.loadData(request));
  }

  /** A training on the program's own data; the configuration's {@code data} is not used. */
  public static Training create(Configuration configuration, Partitions data) {
    return new Training(configuration, data.train().data().name(), data);
  }

  /**
   * Has weights and gradients travel over loopback sockets, each worker and each parameter server
   * with a data plane of its own, instead of by reference: to try what a cluster does.
   */
  public Training overSockets() {
    settings =
        new RunSettings(
            settings.workers(),
            settings.servers(),
            settings.bucketBytes(),
            settings.kernels(),
            true);
    return this;
  }

  /** Has the nodes of a cluster compute, instead of this JVM. */
  public Training on(ClusterTarget waiting) {
    cluster = Optional.of(waiting);
    settings =
        new RunSettings(
            waiting.workers(),
            waiting.servers(),
            settings.bucketBytes(),
            settings.kernels(),
            false);
    return this;
  }

  /**
   * Goes on with the run in {@code path}, from its newest checkpoint that is not damaged: {@link
   * #run(Path)} of the same folder then gives the weights of the run that was never broken off.
   * Workers and servers may be others than before.
   *
   * @throws io.lockstep.model.ModelException if there is no such checkpoint, the run is finished,
   *     or configuration, data or arithmetic are not those of the checkpoint, or a process still
   *     trains in the folder
   */
  public Training resume(Path path) {
    resumed = Optional.of(locked(path, ResumedRun::newest));
    return this;
  }

  /**
   * Goes on as {@link #resume} does, with a run that was broken off; where it has no checkpoint yet
   * it begins anew.
   *
   * @param why what broke it off, for the run's events
   */
  public Training restart(Path path, String why) {
    restartedAfter = Optional.of(why);
    resumed = Optional.of(locked(path, ResumedRun::newestOrFirst));
    return this;
  }

  /** Finds what a run goes on from. */
  private interface Finder {

    ResumedRun find(RunFolder folder, Job job, Basis basis);
  }

  /** Whether this goes on with a run by {@link #restart}. */
  public boolean startsAgain() {
    return restartedAfter.isPresent();
  }

  /** The steps that were done before this training goes on. */
  public long stepsBefore() {
    return resumed.map(ResumedRun::version).orElse(0L);
  }

  private ResumedRun locked(Path path, Finder finder) {
    RunFolder folder = RunFolder.open(path);
    try (RunLock lock = RunLock.take(path)) {
      return finder.find(folder, job, basis());
    }
  }

  private Basis basis() {
    return new Basis(
        configuration.keysOfResult(),
        job.data().sha256(),
        NumericsRevision.compute(settings.kernels()));
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
   * Ends the run within two steps, with what was learned so far; may be called before, during and
   * after it.
   */
  public void stop() {
    stopped = true;
    Run run = running;
    if (run != null) {
      run.stop();
    }
  }

  /** Whether the run was stopped since {@code train.maxTime} was over. */
  public boolean timeIsOver() {
    return timeIsOver;
  }

  private void endTime() {
    timeIsOver = !stopped;
    stop();
  }

  /**
   * Lets the run stand still after {@code version} steps, until {@link #release}: to be called by a
   * listener, in {@link TrainingListener#onStart} for the first time.
   */
  public void hold(long version) {
    events.holdFirst(version);
    Run run = running;
    if (run != null) {
      run.hold(version);
    }
  }

  /** Whoever started a node saw its process end. */
  public void nodeDied(NodeAddresses node) {
    Run run = running;
    if (run != null) {
      run.nodeDied(node);
    }
  }

  /**
   * Lets a run that stands still go on.
   *
   * @param nextHold after how many steps it is to stand still again; {@link Long#MAX_VALUE} for
   *     never
   */
  public void release(long nextHold) {
    Run run = running;
    if (run != null) {
      run.release(nextHold);
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
    if (resumed.isPresent()) {
      requireResumed(path.get());
      try (RunLock lock = RunLock.take(path.get())) {
        return run(reopen());
      }
    }
    RunFolder folder = newFolder(path.get());
    try (RunLock lock = RunLock.take(path.get())) {
      return run(folder);
    }
  }

  private TrainedModel run(RunFolder folder) {
    CheckpointKeeper checkpoints =
        new CheckpointKeeper(
            folder,
            job,
            this::basis,
            configuration.checkpoint(),
            resumedFrom().map(c -> c.progress().best()).orElse(null),
            copy(folder),
            new CheckpointKeeper.Told(this::checkpointKept, events::checkpointFailed));
    try (RunRecorder recorder = new RunRecorder(folder, job.data(), job.network(), checkpoints)) {
      listeners.addFirst(recorder);
      return run(Optional.of(folder.path()), Optional.of(recorder));
    }
  }

  private Optional<RunCopy> copy(RunFolder folder) {
    String place = configuration.checkpoint().dir();
    if (place.isBlank() || RunCopy.isItself(folder, Path.of(place))) {
      return Optional.empty();
    }
    Path dir = Path.of(place);
    return Optional.of(
        resumed.isPresent() ? RunCopy.reopen(folder, dir) : RunCopy.create(folder, dir));
  }

  private RunFolder newFolder(Path path) {
    RunFolder folder = RunFolder.create(path, configuration.toHocon());
    folder.writeJars(configuration.jars());
    return folder;
  }

  private void requireResumed(Path path) {
    ResumedRun from = resumed.orElseThrow();
    if (!from.folder().path().equals(path)) {
      throw new IllegalArgumentException(
          "folder: expected %s, which the run goes on from, but found %s"
              .formatted(from.folder().path(), path));
    }
  }

  /** Looks again: until the folder was locked another process could go on with the run. */
  private RunFolder reopen() {
    RunFolder folder = resumed.orElseThrow().folder();
    Finder finder = restartedAfter.isPresent() ? ResumedRun::newestOrFirst : ResumedRun::newest;
    ResumedRun from = finder.find(folder, job, basis());
    resumed = Optional.of(from);
    folder.goOn(from.checkpoint().map(c -> c.progress().metricsBytes()).orElse(0L));
    from.checkpoint().ifPresent(c -> events.resume(c.version(), c.progress()));
    for (String damage : from.damage()) {
      events.event(new RunEvent(RunEvent.What.DAMAGED, from.version(), "", damage));
    }
    String who = "workers %d, servers %d".formatted(settings.workers(), settings.servers());
    String detail = restartedAfter.map(why -> who + "; " + why).orElse(who);
    events.event(new RunEvent(RunEvent.What.RESUMED, from.version(), "", detail));
    return folder;
  }

  private Optional<Checkpoint> resumedFrom() {
    return resumed.flatMap(ResumedRun::checkpoint);
  }

  private void checkpointKept(long version) {
    Run run = running;
    if (run != null) {
      run.checkpointKept(version);
    }
  }

  private TrainedModel run(Optional<Path> path, Optional<RunRecorder> recorder) {
    String begun = Instant.now().toString();
    RunInfo info = info(path);
    Optional<BestWeights> best = bestWeights(path.isPresent());
    best.ifPresent(listeners::addFirst);
    listeners.forEach(listener -> listener.onStart(info));
    RunResult result = trainInTime(checkpointing(path.isPresent()));
    Summaries summaries = new Summaries(configuration, dataName, job, settings, events);
    FinalWeights weights = summaries.weights(result, best);
    RunSummary summary = summaries.summary(begun, stopped, result, weights);
    recorder.ifPresent(r -> r.finish(summary, weights));
    if (listenerFailure != null) {
      throw new IllegalStateException(
          "a listener failed, and the run was stopped: " + listenerFailure.getMessage(),
          listenerFailure);
    }
    result.divergence().ifPresent(divergence -> fail(divergence, summary));
    listeners.forEach(listener -> listener.onEnd(summary));
    return new TrainedModel(summary, Model.of(job, weights.theta(), settings.kernels()));
  }

  /** Where the run is kept, whoever writes the checkpoints says when they are. */
  private Optional<BestWeights> bestWeights(boolean kept) {
    if (!job.stopping().restoreBest()) {
      return Optional.empty();
    }
    BestWeights best = new BestWeights(kept ? version -> {} : this::checkpointKept);
    resumedFrom()
        .map(from -> from.progress().best())
        .ifPresent(
            known ->
                resumed
                    .flatMap(ResumedRun::best)
                    .map(job.network().parameters()::toPacked)
                    .ifPresent(packed -> best.resume(known.version(), packed)));
    return Optional.of(best);
  }

  private RunResult trainInTime(Checkpointing checkpointing) {
    Duration limit = configuration.train().maxTime();
    if (limit.isZero()) {
      return train(checkpointing);
    }
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("lockstep-time-limit").daemon(true).factory());
    try {
      Future<?> end = timer.schedule(this::endTime, limit.toMillis(), TimeUnit.MILLISECONDS);
      RunResult result = train(checkpointing);
      end.cancel(false);
      return result;
    } finally {
      timer.shutdownNow();
    }
  }

  private RunResult train(Checkpointing checkpointing) {
    try (Run run = start(checkpointing)) {
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

  private Checkpointing checkpointing(boolean kept) {
    CheckpointSettings checkpoint = configuration.checkpoint();
    return kept
        ? new Checkpointing(
            checkpoint.everySteps(),
            checkpoint.keepBest() && !job.data().validation().isEmpty(),
            Duration.ofMillis((long) (checkpoint.everyMinutes() * MILLIS_PER_MINUTE)),
            resumedFrom()
                .map(from -> RunEvents.validations(from.progress()))
                .orElse(Validations.NONE),
            resumedFrom().map(from -> CheckpointKeeper.stateOf(from, job.network().parameters())))
        : Checkpointing.NONE;
  }

  private Run start(Checkpointing checkpointing) {
    return cluster
        .map(
            target ->
                target.start(
                    configuration.name(),
                    configuration.toHocon(),
                    configuration.jars(),
                    Jobs.prepared(configuration, job, settings.kernels()),
                    configuration.cluster().standbys(),
                    settings.bucketBytes(),
                    checkpointing,
                    events))
        .orElseGet(() -> LocalRun.start(job, settings, checkpointing, events));
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
        IntStream.range(0, settings.workers())
            .filter(worker -> assignment.unitsOf(worker) == 0)
            .boxed()
            .toList(),
        settings.servers(),
        settings.kernels().choice().toString(),
        folder);
  }
}
