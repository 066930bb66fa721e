package io.lockstep.report;

import java.util.List;

/**
 * The partial dependence of predictions on a column (Friedman 2001): the mean prediction over all
 * rows of a sample when the column has one value in all of them.
 *
 * @param column name of the column
 * @param labels of the values, in order
 * @param positions of the values on an axis; 0, 1, … for kinds
 * @param numeric whether the values are numbers that lines may join, else kinds: texts, levels of a
 *     factor, or no more than two numbers
 * @param means [outputs][values]
 */
public record Effect(
    String column,
    List<String> labels,
    List<Double> positions,
    boolean numeric,
    List<List<Double>> means) {

  /** Keeps copies. */
  public Effect {
    labels = List.copyOf(labels);
    positions = List.copyOf(positions);
    means = means.stream().map(List::copyOf).toList();
  }

  /** The same of one output alone. */
  public Effect ofOutput(int output) {
    return new Effect(column, labels, positions, numeric, List.of(means.get(output)));
  }

  /** How far the mean prediction changes, the farthest of all outputs. */
  public double range() {
    return means.stream()
        .mapToDouble(
            m ->
                m.stream().mapToDouble(Double::doubleValue).max().orElse(0)
                    - m.stream().mapToDouble(Double::doubleValue).min().orElse(0))
        .max()
        .orElse(0);
  }
}
