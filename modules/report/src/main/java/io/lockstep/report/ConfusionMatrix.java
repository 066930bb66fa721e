package io.lockstep.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How often rows of each class were taken for each class.
 *
 * @param names of the classes
 * @param counts [true class][predicted class]
 */
public record ConfusionMatrix(List<String> names, long[][] counts) {

  /**
   * A pair of classes that were mistaken.
   *
   * @param actual the class that rows are of
   * @param predicted what they were taken for
   * @param rows how many
   */
  public record Mistake(String actual, String predicted, long rows) {}

  /**
   * Counts.
   *
   * @param actual the class of each row
   * @param predicted what each row was taken for
   */
  public static ConfusionMatrix of(List<String> names, int[] actual, int[] predicted) {
    if (actual.length != predicted.length) {
      throw new IllegalArgumentException(
          "expected a prediction for each of %d rows but found %d"
              .formatted(actual.length, predicted.length));
    }
    long[][] counts = new long[names.size()][names.size()];
    for (int row = 0; row < actual.length; row++) {
      counts[actual[row]][predicted[row]]++;
    }
    return new ConfusionMatrix(List.copyOf(names), counts);
  }

  /** Number of classes. */
  public int classes() {
    return names.size();
  }

  /** Number of rows. */
  public long rows() {
    return IntStream.range(0, classes()).mapToLong(this::rowsOf).sum();
  }

  /** Rows of a class. */
  public long rowsOf(int actual) {
    return IntStream.range(0, classes()).mapToLong(p -> counts[actual][p]).sum();
  }

  /** Rows that were taken for a class. */
  public long rowsTakenFor(int predicted) {
    return IntStream.range(0, classes()).mapToLong(a -> counts[a][predicted]).sum();
  }

  /** Share of all rows whose class was found; NaN without rows. */
  public double accuracy() {
    return (double) IntStream.range(0, classes()).mapToLong(c -> counts[c][c]).sum() / rows();
  }

  /** Share of a class's rows that were taken for a class; NaN if it has none. */
  public double rate(int actual, int predicted) {
    return (double) counts[actual][predicted] / rowsOf(actual);
  }

  /** Share of a class's rows that were found; NaN if it has none. */
  public double recall(int actual) {
    return rate(actual, actual);
  }

  /** Share of the rows taken for a class that are of it; NaN if there are none. */
  public double precision(int predicted) {
    return (double) counts[predicted][predicted] / rowsTakenFor(predicted);
  }

  /** All mistakes that were made, the most frequent first, of equals in the classes' order. */
  public List<Mistake> mistakes() {
    List<Mistake> mistakes = new ArrayList<>();
    for (int a = 0; a < classes(); a++) {
      for (int p = 0; p < classes(); p++) {
        if (a != p && counts[a][p] > 0) {
          mistakes.add(new Mistake(names.get(a), names.get(p), counts[a][p]));
        }
      }
    }
    mistakes.sort(Comparator.comparingLong(Mistake::rows).reversed());
    return mistakes;
  }
}
