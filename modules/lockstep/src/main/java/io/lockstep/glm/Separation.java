package io.lockstep.glm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Columns by which a response is separated, so that the likelihood has no maximum: coefficients
 * would grow without end, and those that training left, with their standard errors, say how long it
 * took. Found are a column that splits two classes by a threshold, and an indicator (0 or 1) whose
 * rows lack a class, or have no count but 0; what only several columns do together is found by
 * whoever sees all rows predicted right.
 */
final class Separation {

  private static final int MOST_NAMED = 5;

  private final CaseRows rows;
  private final int classes;
  private final IntFunction<String> lack;

  /**
   * @param classes values of the response that matter: the first ones, from 0
   * @param lack says that no row of an indicator has the class, or any but 0 of counts
   */
  private Separation(CaseRows rows, int classes, IntFunction<String> lack) {
    this.rows = rows;
    this.classes = classes;
    this.lack = lack;
  }

  /** Of classes, 0 and 1 among them. */
  static List<String> ofClasses(CaseRows rows, List<String> columns, List<String> classNames) {
    Separation separation =
        new Separation(rows, classNames.size(), c -> "has the response " + classNames.get(c));
    return separation.named(columns, false);
  }

  /** Of counts. */
  static List<String> ofCounts(CaseRows rows, List<String> columns) {
    return new Separation(rows, 2, c -> "has a response other than 0").named(columns, true);
  }

  private List<String> named(List<String> columns, boolean counts) {
    double[][] low = new double[classes][columns.size()];
    double[][] high = new double[classes][columns.size()];
    int[][] ones = new int[classes][columns.size()];
    boolean[] indicator = new boolean[columns.size()];
    Arrays.fill(indicator, true);
    for (int c = 0; c < classes; c++) {
      Arrays.fill(low[c], Double.POSITIVE_INFINITY);
      Arrays.fill(high[c], Double.NEGATIVE_INFINITY);
    }
    double[] x = new double[columns.size()];
    for (int row = 0; row < rows.count(); row++) {
      rows.inputs(row, x);
      int c = counts ? (rows.response(row) > 0 ? 1 : 0) : (int) rows.response(row);
      for (int j = 0; j < x.length; j++) {
        low[c][j] = Math.min(low[c][j], x[j]);
        high[c][j] = Math.max(high[c][j], x[j]);
        indicator[j] &= x[j] == 0 || x[j] == 1;
        ones[c][j] += x[j] == 1 ? 1 : 0;
      }
    }
    List<String> found = new ArrayList<>();
    for (int j = 0; j < columns.size(); j++) {
      if (indicator[j]) {
        addIndicator(columns.get(j), j, ones, counts, found);
      } else if (!counts && classes == 2 && split(low, high, j)) {
        found.add("perfect separation: %s splits the classes".formatted(columns.get(j)));
      }
    }
    return shortened(found);
  }

  private void addIndicator(
      String column, int j, int[][] ones, boolean counts, List<String> found) {
    int all = 0;
    for (int[] ofClass : ones) {
      all += ofClass[j];
    }
    for (int c = counts ? 1 : 0; all > 0 && c < classes; c++) {
      if (ones[c][j] == 0) {
        found.add("perfect separation: no row with %s %s".formatted(column, lack.apply(c)));
      }
    }
  }

  private static boolean split(double[][] low, double[][] high, int j) {
    return high[0][j] < low[1][j] || high[1][j] < low[0][j];
  }

  private static List<String> shortened(List<String> found) {
    if (found.size() <= MOST_NAMED) {
      return found;
    }
    List<String> some = new ArrayList<>(found.subList(0, MOST_NAMED));
    some.add("perfect separation by %d more columns".formatted(found.size() - MOST_NAMED));
    return some;
  }
}
