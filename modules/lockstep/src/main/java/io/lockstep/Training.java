package io.lockstep;

import io.lockstep.cluster.Checkpointing;
import io.lockstep.cluster.ClusterTarget;
import io.lockstep.cluster.NodeAddresses;
import io.lockstep.cluster.NodeFault;
import io.lockstep.cluster.RunResult;
import io.lockstep.config.CheckpointSettings;
import io.lockstep.config.Configuration;
import io.lockstep.config.ConfigurationException;
import io.lockstep.data.DataRequest;
import io.lockstep.data.Partitions;
import io.lockstep.model.CoefficientTable;
import io.lockstep.model.RunCopy;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunLock;
import io.lockstep.model.RunSummary;
import io.lockstep.training.Job;
import io.lockstep.training.Validations;
import io.lockstep.training.trace.TraceWindow;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * One training of one configuration: by workers and parameter servers in this JVM, or by the nodes
 * of a cluster.
 *
 * <p>Created with everything checked and the data read; {@link #run} once. {@link #stop} may be
 * called by any thread; the rest by one.
 */
public final class Training {

  private static final String SHRUNK =
      "weight decay or L1 shrink the coefficients: they are not those of maximum likelihood, and standard errors do not hold";

  private static final double MILLIS_PER_MINUTE = 60_000;

  private final Configuration configuration;
  private final String dataName;
  private final Job job;
  private final RunEvents events;
  private final RunControl control;
  private final Resumption resumption;
  private Computing computing;

  /** The steps that are traced, once it is known how many are done already. */
  private LongFunction<TraceWindow> traced = begun -> TraceWindow.NONE;

  private boolean used;

  private Training(Configuration configuration, String dataName, Partitions data) {
    this.dataName = dataName;
    this.configuration = configuration;
    this.job = Jobs.of(configuration, data);
    this.computing = Computing.here(configuration);
    this.events = new RunEvents(job, configuration.train().reportEvery());
    this.control = new RunControl(events);
    this.resumption = new Resumption(configuration, job, computing.settings().kernels());
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

  /**
   * Has this JVM compile what a training of the configuration calls, on a thread of its own: called
   * before {@link #create}, it is done by the time that the data are read. Otherwise the workers
   * wait for all kernels to be compiled.
   *
   * @throws io.lockstep.config.ConfigurationException if this machine lacks the kernels asked for
   */
  public static void warmUp(Configuration configuration) {
    MachineKernels.of(configuration).beginWarmUp(KernelUses.of(configuration));
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
    computing = computing.overSockets();
    return this;
  }

  /**
   * Notes what every thread of every node does in some steps: {@link #run(Path)} writes it to
   * {@code trace.json} in the run's folder, in Chrome's trace event format, and refuses with a
   * {@link ConfigurationException} steps that the run does not have. What {@link #restart} goes on
   * with keeps such a file; where there is none, the steps are traced that are still to be done.
   */
  public Training trace(TraceWindow window) {
    traced = begun -> toDo(window, begun);
    return this;
  }

  /**
   * Refuses steps to trace that the run does not have, as {@link #run(Path)} does, for whoever
   * makes something before that.
   *
   * @throws ConfigurationException if there are any
   */
  public Training requireStepsToTrace() {
    var _ = stepsToTrace();
    return this;
  }

  private TraceWindow stepsToTrace() {
    return resumption.hasTimeline() ? TraceWindow.NONE : traced.apply(stepsBefore());
  }

  /** All of them are to be done by the run, and by this part of it unless it starts again. */
  private TraceWindow toDo(TraceWindow window, long begun) {
    long steps = job.epochs().steps();
    long first = startsAgain() ? 0 : begun;
    if (window.isEmpty() || window.first() >= first && window.end() <= steps) {
      return window.from(begun);
    }
    throw new ConfigurationException(
        "steps to trace: expected steps from %d (the first that this run does) to %d (its last), but found %d to %d"
            .formatted(first, steps - 1, window.first(), window.end() - 1));
  }

  /** As {@link #trace(TraceWindow)}, of 40 steps two thirds through what is to be done. */
  public Training trace() {
    traced = begun -> TraceWindow.usual(begun, job.epochs().steps());
    return this;
  }

  /** Has the nodes of a cluster compute, instead of this JVM. */
  public Training on(ClusterTarget waiting) {
    computing = computing.on(waiting);
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
    resumption.resume(path);
    return this;
  }

  /**
   * Goes on as {@link #resume} does, with a run that was broken off; where it has no checkpoint yet
   * it begins anew.
   *
   * @param why what broke it off, for the run's events
   */
  public Training restart(Path path, String why) {
    resumption.restart(path, why);
    return this;
  }

  /** Whether this goes on with a run by {@link #restart}. */
  public boolean startsAgain() {
    return resumption.startsAgain();
  }

  /** The steps that were done before this training goes on. */
  public long stepsBefore() {
    return resumption.version();
  }

  /** The rows that are learned from, and those that are only scored. */
  public Partitions data() {
    return job.data();
  }

  /** Names the data, whatever the split and the scaling. */
  public String dataSha256() {
    return job.data().sha256();
  }

  /** Adds a listener, before {@link #run}. */
  public Training addListener(TrainingListener listener) {
    control.listeners().add(listener);
    return this;
  }

  /**
   * Ends the run within two steps, with what was learned so far; may be called before, during and
   * after it.
   */
  public void stop() {
    control.stop();
  }

  /** Whether the run was stopped since {@code train.maxTime} was over. */
  public boolean timeIsOver() {
    return control.timeIsOver();
  }

  /**
   * Lets the run stand still after {@code version} steps, until {@link #release}: to be called by a
   * listener, in {@link TrainingListener#onStart} for the first time.
   */
  public void hold(long version) {
    control.hold(version);
  }

  /** Whoever started a node saw its process end. */
  public void nodeDied(NodeAddresses node) {
    control.nodeDied(node);
  }

  /** Starts one more worker, which joins the run: of a run {@link #overSockets()}. */
  public void join(String worker) {
    control.join(worker);
  }

  /** Has a failure happen to a node, on purpose: of a run {@link #overSockets()}. */
  public void suffer(String node, NodeFault fault) {
    control.suffer(node, fault);
  }

  /**
   * Lets a run that stands still go on.
   *
   * @param nextHold after how many steps it is to stand still again; {@link Long#MAX_VALUE} for
   *     never
   */
  public void release(long nextHold) {
    control.release(nextHold);
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
    if (path.isPresent()) {
      computing = computing.tracing(stepsToTrace());
    }
    return path.map(this::runIn).orElseGet(() -> run(Optional.empty(), Optional.empty()));
  }

  private TrainedModel runIn(Path path) {
    if (resumption.isThere()) {
      resumption.requireItself(path);
      try (RunLock lock = RunLock.take(path)) {
        return run(resumption.reopen(events, computing.who()));
      }
    }
    RunFolder folder = newFolder(path);
    try (RunLock lock = RunLock.take(path)) {
      return run(folder);
    }
  }

  private RunFolder newFolder(Path path) {
    RunFolder folder = RunFolder.create(path, configuration.toHocon());
    folder.writeJars(configuration.jars());
    return folder;
  }

  private TrainedModel run(RunFolder folder) {
    CheckpointKeeper checkpoints =
        new CheckpointKeeper(
            folder,
            job,
            resumption::basis,
            configuration.checkpoint(),
            resumption.checkpoint().map(c -> c.progress().best()).orElse(null),
            copy(folder),
            new CheckpointKeeper.Told(control::checkpointKept, events::checkpointFailed));
    try (RunRecorder recorder = new RunRecorder(folder, job, checkpoints, events::event)) {
      control.listeners().addFirst(recorder);
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
        resumption.isThere() ? RunCopy.reopen(folder, dir) : RunCopy.create(folder, dir));
  }

  private TrainedModel run(Optional<Path> path, Optional<RunRecorder> recorder) {
    String begun = Instant.now().toString();
    RunInfo info = RunInfo.of(configuration, job, computing.settings(), path);
    Optional<BestWeights> best = bestWeights(path.isPresent());
    best.ifPresent(control.listeners()::addFirst);
    control.listeners().forEach(listener -> listener.onStart(info));
    Checkpointing checkpointing = checkpointing(path.isPresent());
    RunResult result =
        control.train(
            () -> computing.start(configuration, job, checkpointing, events),
            configuration.train().maxTime());
    Summaries summaries = new Summaries(configuration, dataName, job, computing.settings(), events);
    FinalWeights weights = summaries.weights(result, best);
    RunSummary summary = summaries.summary(begun, control.stopped(), result, weights);
    Model model = Model.of(configuration, job, weights.theta(), computing.settings().kernels());
    recorder.ifPresent(r -> r.finish(summary, weights));
    recorder.ifPresent(r -> coefficientTable(result, model).ifPresent(r::coefficients));
    control.requireListeners();
    result.divergence().ifPresent(divergence -> fail(divergence, summary));
    control.listeners().forEach(listener -> listener.onEnd(summary));
    return new TrainedModel(summary, model);
  }

  private Optional<CoefficientTable> coefficientTable(RunResult result, Model model) {
    if (result.divergence().isPresent()) {
      return Optional.empty();
    }
    boolean shrunk =
        configuration.optimizer().weightDecay() > 0 || configuration.optimizer().l1() > 0;
    return model.coefficientTable(job.data().train()).map(t -> shrunk ? t.withWarning(SHRUNK) : t);
  }

  /** Where the run is kept, whoever writes the checkpoints says when they are. */
  private Optional<BestWeights> bestWeights(boolean kept) {
    if (!job.stopping().restoreBest()) {
      return Optional.empty();
    }
    BestWeights best = new BestWeights(kept ? version -> {} : control::checkpointKept);
    resumption.resume(best);
    return Optional.of(best);
  }

  private Checkpointing checkpointing(boolean kept) {
    CheckpointSettings checkpoint = configuration.checkpoint();
    return kept
        ? new Checkpointing(
            checkpoint.everySteps(),
            checkpoint.keepBest() && !job.data().validation().isEmpty(),
            Duration.ofMillis((long) (checkpoint.everyMinutes() * MILLIS_PER_MINUTE)),
            resumption
                .checkpoint()
                .map(stored -> RunEvents.validations(stored.progress()))
                .orElse(Validations.NONE),
            resumption.start())
        : Checkpointing.NONE;
  }

  private void fail(RunResult.Divergence divergence, RunSummary summary) {
    String layer = job.network().layers().get(divergence.layer()).name();
    throw new DivergedException(divergence.step(), layer, summary.message());
  }
}
