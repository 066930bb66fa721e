package io.lockstep.cli;

import io.lockstep.model.Metrics;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the validation rows have to reach.
 *
 * @param figure of the rows
 * @param value at least, of the accuracy; at most, of the loss
 */
record ScaleTarget(Figure figure, double value) {

  /** What is measured. */
  enum Figure {
    ACCURACY,
    LOSS
  }

  /** Reads {@code accuracy=0.97} or {@code loss=0.1}; empty where it is neither. */
  static Optional<ScaleTarget> parse(String text) {
    String[] parts = text.split("=", 2);
    return Arrays.stream(Figure.values())
        .filter(figure -> figure.name().equalsIgnoreCase(parts[0]) && parts.length == 2)
        .findFirst()
        .flatMap(figure -> number(parts[1]).map(value -> new ScaleTarget(figure, value)));
  }

  private static Optional<Double> number(String text) {
    try {
      return Optional.of(Double.valueOf(text)).filter(Double::isFinite);
    } catch (NumberFormatException none) {
      return Optional.empty();
    }
  }

  /** The first evaluation of the validation rows that has it. */
  Optional<Metrics.Evaluation> firstIn(List<Metrics> metrics) {
    return metrics.stream()
        .filter(Metrics.Evaluation.class::isInstance)
        .map(Metrics.Evaluation.class::cast)
        .filter(this::isMetBy)
        .findFirst();
  }

  private boolean isMetBy(Metrics.Evaluation evaluation) {
    return evaluation.partition().equals("validation")
        && switch (figure) {
          case ACCURACY -> evaluation.accuracy() != null && evaluation.accuracy() >= value;
          case LOSS -> evaluation.loss() <= value;
        };
  }

  @Override
  public String toString() {
    return figure.name().toLowerCase(Locale.ROOT) + "=" + value;
  }
}
