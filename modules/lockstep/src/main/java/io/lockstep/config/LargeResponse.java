package io.lockstep.config;

import java.util.Locale;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/**
 * A Gaussian response in units so small that hidden layers hardly get there: Adam changes a weight
 * by about its learning rate in a step, whatever the loss is measured in.
 */
final class LargeResponse {

  /** What some thousand steps of 0.01 still reach: the root of the mean square. */
  private static final double MODERATE = 20;

  private LargeResponse() {}

  /**
   * The warning, with the remedy.
   *
   * @param response as the formula has it
   * @param targets its value in each row
   * @return empty if the response is of moderate size
   */
  static Optional<String> warning(String response, int rows, IntToDoubleFunction targets) {
    double mean = 0;
    for (int row = 0; row < rows; row++) {
      mean += targets.applyAsDouble(row) / rows;
    }
    double variance = 0;
    for (int row = 0; row < rows; row++) {
      variance += (targets.applyAsDouble(row) - mean) * (targets.applyAsDouble(row) - mean) / rows;
    }
    double size = Math.sqrt(mean * mean + variance);
    return size <= MODERATE
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "the response %s has mean %.4g and standard deviation %.4g, too large for hidden layers to fit well: write I(%s/%d) ~ … instead",
                response,
                mean,
                Math.sqrt(variance),
                response,
                (long) Math.pow(10, Math.floor(Math.log10(size)))));
  }
}
