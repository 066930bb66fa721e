package io.lockstep.config;

import io.lockstep.data.Dataset;
import java.util.Locale;
import java.util.Optional;

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
   * @return empty if the response is of moderate size
   */
  static Optional<String> warning(String response, Dataset rows) {
    double mean = 0;
    for (int row = 0; row < rows.rows(); row++) {
      mean += rows.target(row, 0) / rows.rows();
    }
    double variance = 0;
    for (int row = 0; row < rows.rows(); row++) {
      variance += (rows.target(row, 0) - mean) * (rows.target(row, 0) - mean) / rows.rows();
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
