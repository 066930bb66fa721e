package io.lockstep.cli;

import io.lockstep.Training;
import io.lockstep.cluster.RunBrokenException;
import io.lockstep.model.RunFolder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Starts a run again that was broken off: without end as long as it gets further, by its
 * checkpoints; else a few times.
 */
final class Restarts {

  /** Where there is no checkpoint. */
  private static final long NONE = -1;

  static final String DESCRIPTION =
      "How often in a row to start again from the same checkpoint when a parameter server without a copy is lost (default: 3; 0: never).";

  private final int most;
  private final BooleanSupplier stopping;
  private long newest = NONE;
  private int inARow;

  /**
   * @param most how often in a row from the same checkpoint; 0 for never
   * @param stopping whether the user wants the run to end
   * @throws BadInputException if {@code most} is negative
   */
  Restarts(int most, BooleanSupplier stopping) {
    if (most < 0) {
      throw new BadInputException("--restarts: expected 0 or more but found " + most);
    }
    this.most = most;
    this.stopping = stopping;
  }

  /** Trains to the end, or until a part is lost. */
  interface Attempt {

    /** Returns the exit code. */
    int train(Training training);
  }

  /** Makes the training that goes on with a run. */
  interface Next {

    /** Goes on after what broke the run off. */
    Training after(RunBrokenException broken);
  }

  /** Trains to the end of the run in {@code folder}, in as many attempts as are allowed. */
  int train(Path folder, Training first, Attempt attempt, Next next) {
    Training training = first;
    while (true) {
      try {
        return attempt.train(training);
      } catch (RunBrokenException broken) {
        if (stopping.getAsBoolean() || !allows(folder)) {
          throw broken;
        }
        training = next.after(broken);
      }
    }
  }

  private boolean allows(Path folder) {
    List<Long> versions = RunFolder.open(folder).checkpoints().versions();
    long version = versions.isEmpty() ? NONE : Collections.max(versions);
    inARow = version > newest ? 1 : inARow + 1;
    newest = version;
    return inARow <= most;
  }
}
