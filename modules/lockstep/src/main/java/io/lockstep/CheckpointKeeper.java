package io.lockstep;

import io.lockstep.config.CheckpointSettings;
import io.lockstep.model.RunCopy;
import io.lockstep.model.RunFolder;
import io.lockstep.model.checkpoint.Basis;
import io.lockstep.model.checkpoint.Checkpoint;
import io.lockstep.model.checkpoint.CheckpointFolder;
import io.lockstep.model.checkpoint.Progress;
import io.lockstep.training.Job;
import io.lockstep.training.TrainingState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Keeps the checkpoints of a run: notes what was reported when one is announced, and writes it when
 * its state is there, on a thread of its own. Used by one other thread, which closes it.
 */
final class CheckpointKeeper implements AutoCloseable {

  private static final long CLOSE_MINUTES = 10;

  /**
   * Whom it tells, on its own thread.
   *
   * @param kept a checkpoint is written, or given up: the next may come
   * @param failed one could not be written, and why
   */
  record Told(LongConsumer kept, BiConsumer<Long, String> failed) {}

  private final RunFolder run;
  private final CheckpointFolder folder;
  private final Job job;
  private final Supplier<Basis> basis;

  /** Computing it takes a fraction of a second. Used by the writer's thread. */
  private Basis knownBasis;

  private final CheckpointSettings settings;
  private final boolean keepsBest;
  private final Told told;
  private final Map<Long, Progress> announced = new HashMap<>();
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("lockstep-checkpoint").daemon(true).factory());
  private final BestCheckpoint best;
  private final Optional<RunCopy> copy;

  /**
   * @param basis what must be the same for the run to go on; asked for once, on its own thread
   * @param best of the checkpoints that are there already; may be null
   * @param copy closed with the keeper
   */
  CheckpointKeeper(
      RunFolder run,
      Job job,
      Supplier<Basis> basis,
      CheckpointSettings settings,
      Progress.Best best,
      Optional<RunCopy> copy,
      Told told) {
    this.run = run;
    this.folder = run.checkpoints();
    this.job = job;
    this.basis = basis;
    this.settings = settings;
    this.keepsBest = settings.keepBest() || job.stopping().restoreBest();
    this.best = new BestCheckpoint(best);
    this.copy = copy;
    this.told = told;
  }

  /**
   * Has what all checkpoints need computed by the time that the first one comes; whether that fails
   * the first one tells.
   */
  void prepare() {
    CompletableFuture<Void> _ = CompletableFuture.runAsync(this::knownBasis, writer);
  }

  /** A checkpoint is to come: {@code progress} is what was reported up to it. */
  void announce(long version, Progress progress) {
    Progress.Validations known = progress.validations();
    Progress.Best bestSoFar = best.best();
    if (keepsBest && known != null && known.bestVersion() == version) { // Validated before.
      bestSoFar = new Progress.Best(version, known.bestLoss());
      best.validated(version, known.bestLoss());
    }
    announced.put(version, progress.with(run.metricsBytes(), bestSoFar));
  }

  /** The weights of {@code version} are worth so much; worse ones need not be kept. */
  void validated(long version, double loss) {
    if (keepsBest && announced.containsKey(version)) {
      best.validated(version, loss);
    }
  }

  /** Writes the checkpoint that was announced; returns at once. */
  void keep(TrainingState state) {
    Progress progress = announced.get(state.version());
    announced.keySet().removeIf(version -> version < state.version());
    writer.execute(() -> write(state, progress));
  }

  private void write(TrainingState state, Progress progress) {
    long version = state.version();
    try {
      run.forceMetrics();
      Checkpoint checkpoint = checkpoint(state, progress);
      folder.write(job.network().parameters(), checkpoint);
      best.written(version);
      Progress.Best worth = best.best();
      Set<Long> kept = worth == null ? Set.of() : Set.of(worth.version());
      folder.prune(version, settings.keepLast(), kept);
      copy.ifPresent(
          c -> c.update(job.network().parameters(), checkpoint, settings.keepLast(), kept));
    } catch (RuntimeException | OutOfMemoryError failure) {
      told.failed().accept(version, failure.getMessage());
    } finally {
      told.kept().accept(version);
    }
  }

  private Checkpoint checkpoint(TrainingState state, Progress progress) {
    int stepsPerEpoch = job.epochs().sampler().stepsPerEpoch();
    List<float[]> arrays = List.of(state.arrays());
    return new Checkpoint(
        state.version(),
        state.version() / stepsPerEpoch,
        state.version() % stepsPerEpoch,
        job.seed(),
        knownBasis(),
        progress,
        arrays.getFirst(),
        arrays.subList(1, arrays.size()));
  }

  private Basis knownBasis() {
    if (knownBasis == null) {
      knownBasis = basis.get();
    }
    return knownBasis;
  }

  /** The state that a checkpoint holds. */
  static TrainingState stateOf(Checkpoint checkpoint) {
    List<float[]> arrays = new ArrayList<>(List.of(checkpoint.weights()));
    arrays.addAll(checkpoint.optimizer());
    return new TrainingState(checkpoint.version(), arrays.toArray(float[][]::new));
  }

  /** Waits until what was begun is written. */
  @Override
  public void close() {
    try {
      closeWriter();
    } finally {
      copy.ifPresent(RunCopy::close);
    }
  }

  private void closeWriter() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(CLOSE_MINUTES, TimeUnit.MINUTES)) {
        throw new IllegalStateException(
            "%s: a checkpoint could not be written within %d min"
                .formatted(folder.path(), CLOSE_MINUTES));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
