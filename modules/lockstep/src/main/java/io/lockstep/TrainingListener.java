package io.lockstep;

import io.lockstep.model.RunSummary;
import io.lockstep.training.RunEvent;
import java.util.List;

/**
 * Told of a run's progress, on the thread that called {@link Training#run}; while it works,
 * training goes on.
 *
 * <p>All methods do nothing unless overridden.
 */
public interface TrainingListener {

  /** The data is read and the run is about to begin. */
  default void onStart(RunInfo info) {}

  /** Some steps were taken: every {@code train.reportEvery} steps, and about twice a second. */
  default void onStep(StepReport report) {}

  /** An epoch ended, or the last step of the run, and the validation rows were evaluated. */
  default void onEpoch(EpochReport report) {}

  /** The run ended and everything is saved. */
  default void onEnd(RunSummary summary) {}

  /** The run stands still after {@code version} steps, as asked by {@link Training#hold}. */
  default void onHeld(long version) {}

  /**
   * A change of who computes is prepared, and holds from the next step on.
   *
   * @param plan its number
   * @param nodes the names of all who compute then
   */
  default void onPlanned(int plan, List<String> nodes) {}

  /**
   * A node joined or left the run, was refused, lost or late, gets a share by its speed, or
   * something else happened to the run.
   */
  default void onEvent(RunEvent event) {}
}
