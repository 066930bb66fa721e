package io.lockstep.cli;

import io.lockstep.config.Configuration;
import io.lockstep.model.Metrics;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

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

  /**
   * Refuses runs that have no such figure.
   *
   * @throws BadInputException if they have no validation rows, or no accuracy
   */
  void requireFigure(Configuration configuration) {
    if (figure == Figure.ACCURACY && (value <= 0 || value > 1)) {
      throw new BadInputException(
          "--until %s: expected an accuracy above 0, and at most 1".formatted(this));
    }
    if (configuration.data().validation() == 0) {
      throw new BadInputException(
          "--until %s: expected rows for validation, which are to have that, but data.validation is 0"
              .formatted(this));
    }
    if (figure == Figure.ACCURACY && !configuration.hasAccuracy()) {
      throw new BadInputException(
          "--until %s: expected loss=L, since there is no accuracy where network.output.family is %s"
              .formatted(this, configuration.network().output().family()));
    }
  }

  /** Looks for where it is first reached. */
  Search search() {
    return new Search();
  }

  /**
   * Finds the first evaluation of the validation rows that has it, of those at the ends of epochs:
   * a run that is broken off evaluates them within an epoch, too, where others of the same length
   * do not. For one thread.
   */
  final class Search {

    /** Steps of the newest epoch; its evaluation follows it. */
    private long epochEnd = -1;

    private Metrics.Evaluation first;

    private Search() {}

    /**
     * Looks through the lines of {@code metrics.jsonl} that follow those before.
     *
     * @return the first that has it, once there is one
     */
    Optional<Metrics.Evaluation> in(List<Metrics> more) {
      more.forEach(this::add);
      return Optional.ofNullable(first);
    }

    private void add(Metrics line) {
      if (line instanceof Metrics.Epoch epoch) {
        epochEnd = epoch.step();
      } else if (first == null
          && line instanceof Metrics.Evaluation evaluation
          && isValidation(evaluation)
          && evaluation.step() == epochEnd
          && isMetBy(evaluation)) {
        first = evaluation;
      }
    }
  }

  /** What comes nearest to it, for people, such as {@code accuracy=0.91}. */
  String bestIn(List<Metrics> metrics) {
    Comparator<Double> better =
        figure == Figure.ACCURACY ? Comparator.naturalOrder() : Comparator.reverseOrder();
    return validations(metrics)
        .map(this::valueOf)
        .filter(Objects::nonNull)
        .max(better)
        .map(best -> new ScaleTarget(figure, best).toString())
        .orElse("none");
  }

  private static Stream<Metrics.Evaluation> validations(List<Metrics> metrics) {
    return metrics.stream()
        .filter(Metrics.Evaluation.class::isInstance)
        .map(Metrics.Evaluation.class::cast)
        .filter(ScaleTarget::isValidation);
  }

  private static boolean isValidation(Metrics.Evaluation evaluation) {
    return evaluation.partition().equals("validation");
  }

  private Double valueOf(Metrics.Evaluation evaluation) {
    return figure == Figure.ACCURACY ? evaluation.accuracy() : (Double) evaluation.loss();
  }

  private boolean isMetBy(Metrics.Evaluation evaluation) {
    Double found = valueOf(evaluation);
    return found != null && (figure == Figure.ACCURACY ? found >= value : found <= value);
  }

  @Override
  public String toString() {
    return figure.name().toLowerCase(Locale.ROOT) + "=" + value;
  }
}
