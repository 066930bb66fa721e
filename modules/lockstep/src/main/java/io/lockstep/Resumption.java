package io.lockstep;

import io.lockstep.cluster.Start;
import io.lockstep.config.Configuration;
import io.lockstep.kernels.Kernels;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunLock;
import io.lockstep.model.checkpoint.Basis;
import io.lockstep.model.checkpoint.CheckpointFolder.Stored;
import io.lockstep.training.Job;
import io.lockstep.training.NumericsRevision;
import io.lockstep.training.RunEvent;
import io.lockstep.training.TrainingState;
import java.nio.file.Path;
import java.util.Optional;

/** What a training goes on from: an earlier run that was broken off, or nothing. For one thread. */
final class Resumption {

  private final Configuration configuration;
  private final Job job;
  private final Kernels kernels;
  private Optional<ResumedRun> run = Optional.empty();

  /** What broke the run off that starts again by itself; empty if somebody asked for it. */
  private Optional<String> restartedAfter = Optional.empty();

  /** Nothing. */
  Resumption(Configuration configuration, Job job, Kernels kernels) {
    this.configuration = configuration;
    this.job = job;
    this.kernels = kernels;
  }

  /** As {@link Training#resume}. */
  void resume(Path path) {
    look(path);
  }

  /** As {@link Training#restart}. */
  void restart(Path path, String why) {
    restartedAfter = Optional.of(why);
    look(path);
  }

  private void look(Path path) {
    RunFolder folder = RunFolder.open(path);
    try (RunLock lock = RunLock.take(path)) {
      run = Optional.of(find(folder));
    }
  }

  private ResumedRun find(RunFolder folder) {
    return startsAgain()
        ? ResumedRun.newestOrFirst(folder, job, basis())
        : ResumedRun.newest(folder, job, basis());
  }

  /** What must be the same for a run to go on. */
  Basis basis() {
    return new Basis(
        configuration.keysOfResult(), job.data().sha256(), NumericsRevision.compute(kernels));
  }

  boolean isThere() {
    return run.isPresent();
  }

  boolean startsAgain() {
    return restartedAfter.isPresent();
  }

  /** Whether what starts again was traced before: a part of the steps would take their place. */
  boolean hasTimeline() {
    return startsAgain() && run.orElseThrow().folder().hasTrace();
  }

  /** The version that it goes on from; 0 from the first weights. */
  long version() {
    return run.map(ResumedRun::version).orElse(0L);
  }

  Optional<Stored> checkpoint() {
    return run.flatMap(ResumedRun::checkpoint);
  }

  /** What the shards are to have; its arrays are read when they are wanted. */
  Optional<Start> start() {
    return checkpoint().map(stored -> new Start(stored.version(), () -> read(stored)));
  }

  private TrainingState read(Stored stored) {
    int stateArrays = job.optimizer().stateArrays();
    return CheckpointKeeper.stateOf(stored.read(job.network().parameters(), stateArrays));
  }

  /**
   * Opens the folder, which is locked, to go on in it. Looks again: until it was locked another
   * process could go on with the run.
   *
   * @param events goes on where the checkpoint was, and hears that it does
   * @param who computes, for people
   */
  RunFolder reopen(RunEvents events, String who) {
    RunFolder folder = run.orElseThrow().folder();
    ResumedRun from = find(folder);
    run = Optional.of(from);
    folder.goOn(from.checkpoint().map(c -> c.progress().metricsBytes()).orElse(0L));
    from.checkpoint().ifPresent(c -> events.resume(c.version(), c.progress()));
    for (String damage : from.damage()) {
      events.event(new RunEvent(RunEvent.What.DAMAGED, from.version(), "", damage));
    }
    String detail = restartedAfter.map(why -> who + "; " + why).orElse(who);
    events.event(new RunEvent(RunEvent.What.RESUMED, from.version(), "", detail));
    return folder;
  }

  /**
   * The folder is that of the run.
   *
   * @throws IllegalArgumentException if it is another one
   */
  void requireItself(Path path) {
    Path from = run.orElseThrow().folder().path();
    if (!from.equals(path)) {
      throw new IllegalArgumentException(
          "folder: expected %s, which the run goes on from, but found %s".formatted(from, path));
    }
  }

  /** Hands on the best weights so far, where they are to be the result. */
  void resume(BestWeights best) {
    run.flatMap(ResumedRun::best)
        .ifPresent(
            stored -> best.resume(stored.version(), stored.weights(job.network().parameters())));
  }
}
