package io.lockstep;

import io.lockstep.model.ModelException;
import io.lockstep.model.RunFolder;
import io.lockstep.model.RunSummary;
import io.lockstep.model.checkpoint.Basis;
import io.lockstep.model.checkpoint.CheckpointFolder;
import io.lockstep.model.checkpoint.CheckpointFolder.Stored;
import io.lockstep.training.Job;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/**
 * What a run goes on from.
 *
 * @param folder of the run
 * @param checkpoint empty if it begins anew, with its first weights
 * @param best the one with the best weights so far, where they are to be the result
 * @param damage what is wrong with newer checkpoints
 */
record ResumedRun(
    RunFolder folder, Optional<Stored> checkpoint, Optional<Stored> best, List<String> damage) {

  /**
   * The newest checkpoint that is not damaged.
   *
   * @param basis what the run's result depends on here
   * @throws ModelException if there is none, the run is finished, or the checkpoint has another
   *     basis
   */
  static ResumedRun newest(RunFolder folder, Job job, Basis basis) {
    ResumedRun found = newestOrFirst(folder, job, basis);
    if (found.checkpoint().isEmpty()) {
      String why =
          found.damage().isEmpty()
              ? "it has none, start it anew"
              : String.join("; ", found.damage());
      throw new ModelException(
          "%s: expected a checkpoint to go on from: %s".formatted(folder.path(), why));
    }
    return found;
  }

  /** As {@link #newest}; where there is no checkpoint, the run begins anew. */
  static ResumedRun newestOrFirst(RunFolder folder, Job job, Basis basis) {
    if (Files.exists(folder.summaryFile())
        && folder.readSummary().status() == RunSummary.Status.FINISHED) {
      throw new ModelException(
          folder.path() + ": the run is finished; there is nothing to go on with");
    }
    CheckpointFolder.Found found = folder.checkpoints().newest(job.stopping().restoreBest());
    return found
        .newest()
        .map(stored -> of(folder, stored, found.damage(), job, basis))
        .orElseGet(
            () -> new ResumedRun(folder, Optional.empty(), Optional.empty(), found.damage()));
  }

  private static ResumedRun of(
      RunFolder folder, Stored stored, List<String> damage, Job job, Basis basis) {
    List<String> differences = stored.manifest().basis().differences(basis);
    if (!differences.isEmpty()) {
      throw new ModelException(
          "%s: a run goes on only with all that decides its weights as it was, but %s"
              .formatted(stored.folder(), String.join("; ", differences)));
    }
    Optional<Stored> best =
        job.stopping().restoreBest()
            ? folder.checkpoints().best(stored.manifest())
            : Optional.empty();
    return new ResumedRun(folder, Optional.of(stored), best, damage);
  }

  /** The version that it goes on from. */
  long version() {
    return checkpoint.map(Stored::version).orElse(0L);
  }
}
