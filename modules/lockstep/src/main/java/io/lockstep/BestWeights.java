package io.lockstep;

import io.lockstep.training.TrainingState;
import io.lockstep.training.Validations;
import java.util.function.LongConsumer;

/**
 * Has the weights with the least loss on the validation rows at hand, for a run whose result they
 * are. The state of such a version comes before the next step is reported, and its validation
 * shortly before or after it.
 */
final class BestWeights implements StateListener {

  private final LongConsumer kept;
  private long bestVersion;
  private long newestVersion;
  private float[] newest;
  private long version;
  private float[] weights;

  /**
   * @param kept told of the version of each state: the next may come
   */
  BestWeights(LongConsumer kept) {
    this.kept = kept;
  }

  /** Goes on with the best weights of a run that was broken off, packed. */
  void resume(long best, float[] packed) {
    bestVersion = best;
    version = best;
    weights = packed;
  }

  @Override
  public void checkpoint(TrainingState state) {
    newestVersion = state.version();
    newest = state.theta().clone(); // The next snapshot may overwrite what came.
    takeIfBest();
    kept.accept(state.version());
  }

  @Override
  public void validated(Validations validations) {
    bestVersion = validations.bestVersion();
    takeIfBest();
  }

  private void takeIfBest() {
    if (newest != null && newestVersion == bestVersion) {
      version = bestVersion;
      weights = newest;
    }
  }

  /**
   * The packed weights of {@code best}.
   *
   * @throws IllegalStateException if they are not here, since the parameter servers did not send
   *     them
   */
  float[] of(long best) {
    if (version != best) {
      throw new IllegalStateException(
          "the best weights, those after step %d, could not be fetched from the parameter servers"
              .formatted(best));
    }
    return weights;
  }
}
