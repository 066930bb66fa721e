package io.lockstep;

import io.lockstep.model.RunSummary.Score;
import io.lockstep.nn.OutputFamily;
import io.lockstep.nn.Sums;

/** From sums over rows to what people read of them. Stateless. */
final class Scoring {

  private Scoring() {}

  /** Of steps, each row by the weights of its step; NaN for the sums of no rows. */
  static Score ofSteps(OutputFamily family, Sums sums) {
    return new Score(sums.loss / sums.weight, accuracy(family, sums));
  }

  /** Of all rows of a partition by the same weights. */
  static Score ofEvaluation(OutputFamily family, Sums sums) {
    return family.isLikelihood()
        ? new Score(sums.loss / sums.weight, accuracy(family, sums), sums.deviance, -sums.loss)
        : ofSteps(family, sums);
  }

  private static Double accuracy(OutputFamily family, Sums sums) {
    return family.hasAccuracy() ? sums.correct / sums.weight : null;
  }
}
