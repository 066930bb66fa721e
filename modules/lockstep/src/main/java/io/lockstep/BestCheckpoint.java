package io.lockstep;

import io.lockstep.model.checkpoint.Progress;
import java.util.TreeMap;

/**
 * Which checkpoint of a run is the best on the validation rows: only one that is written can be.
 * Whether a version is written or validated first is open. Thread-safe.
 */
final class BestCheckpoint {

  private static final long NONE = -1;

  private final TreeMap<Long, Double> losses = new TreeMap<>();
  private long newest = NONE;
  private Progress.Best best;

  /**
   * @param best of the checkpoints that are there already; may be null
   */
  BestCheckpoint(Progress.Best best) {
    this.best = best;
  }

  /** The weights of {@code version} have this loss on the validation rows. */
  synchronized void validated(long version, double loss) {
    losses.put(version, loss);
    compare();
  }

  /** The checkpoint of {@code version} is there; those come in their order. */
  synchronized void written(long version) {
    newest = version;
    compare();
    losses.headMap(version).clear(); // What is not written by now will not be.
  }

  private void compare() {
    Double loss = losses.get(newest);
    if (loss != null && (best == null || loss < best.loss())) {
      best = new Progress.Best(newest, loss);
    }
  }

  /** The best; null if there is none. */
  synchronized Progress.Best best() {
    return best;
  }
}
