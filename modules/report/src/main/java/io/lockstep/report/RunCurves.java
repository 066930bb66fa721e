package io.lockstep.report;

import io.lockstep.model.Metrics;
import io.lockstep.report.drawing.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * How loss and accuracy of a run went on. Points are (epochs so far, value), or (steps so far,
 * value) of a run that had no whole epoch.
 *
 * @param name of the run
 * @param byEpochs whether points lie over epochs
 * @param loss of the rows
 * @param accuracy of the rows; all empty where there are no classes
 */
public record RunCurves(String name, boolean byEpochs, Series loss, Series accuracy) {

  /**
   * One figure.
   *
   * @param steps mean over the training rows of a few steps each
   * @param train mean over the training rows of an epoch, at its end; each row by the weights of
   *     its step
   * @param validation of the validation rows
   * @param test of the test rows, at the end
   */
  public record Series(
      List<Point> steps, List<Point> train, List<Point> validation, List<Point> test) {

    /** For where epochs are shorter than what a step's figure is the mean of. */
    Series withoutSteps() {
      return new Series(List.of(), train, validation, test);
    }

    boolean isEmpty() {
      return steps.isEmpty() && train.isEmpty() && validation.isEmpty() && test.isEmpty();
    }

    /** All points. */
    Stream<Point> all() {
      return Stream.of(steps, train, validation, test).flatMap(List::stream);
    }

    /** Validation if there is any, else training by epochs, else by steps. */
    List<Point> main() {
      return !validation.isEmpty() ? validation : !train.isEmpty() ? train : steps;
    }
  }

  /** From the lines of {@code metrics.jsonl}. */
  public static RunCurves of(String name, List<Metrics> metrics) {
    Optional<Metrics> epoch = metrics.stream().filter(Metrics.Epoch.class::isInstance).findFirst();
    double unit = epoch.map(e -> (double) e.step() / e.epoch()).orElse(1.0);
    return new RunCurves(
        name,
        epoch.isPresent(),
        series(metrics, unit, Metrics.Scored::loss),
        series(metrics, unit, Metrics.Scored::accuracy));
  }

  private static Series series(
      List<Metrics> metrics, double unit, Function<Metrics.Scored, Double> figure) {
    Series series =
        new Series(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (Metrics line : metrics) {
      if (line instanceof Metrics.Scored scored && figure.apply(scored) != null) {
        list(series, scored).add(new Point(line.step() / unit, figure.apply(scored)));
      }
    }
    return series.steps().size() < series.train().size() ? series.withoutSteps() : series;
  }

  private static List<Point> list(Series series, Metrics.Scored line) {
    return switch (line) {
      case Metrics.Step step -> series.steps();
      case Metrics.Epoch epoch -> series.train();
      case Metrics.Evaluation evaluation ->
          switch (evaluation.partition()) {
            case "validation" -> series.validation();
            case "test" -> series.test();
            default -> series.train();
          };
    };
  }
}
