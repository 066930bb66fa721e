package io.lockstep;

import io.lockstep.model.Metrics;
import io.lockstep.model.checkpoint.Progress;
import io.lockstep.training.TrainingState;
import io.lockstep.training.Validations;
import io.lockstep.training.trace.RunTrace;

/** Told also of a run's state, as it is to be kept; by the thread that trains. */
interface StateListener extends TrainingListener {

  /** A checkpoint of {@code version} is to come; all before it was reported. */
  default void checkpointing(long version, Progress progress) {}

  /** The state of the checkpoint, which is not changed any more. */
  default void checkpoint(TrainingState state) {}

  /** Where the time of some steps went. */
  default void times(Metrics.Times times) {}

  /** What the nodes did in the steps that are traced. */
  default void traced(RunTrace trace) {}

  /** One more epoch was validated. */
  default void validated(Validations validations) {}

  /** All steps are done: the last weights, packed. */
  default void trained(float[] weights) {}
}
