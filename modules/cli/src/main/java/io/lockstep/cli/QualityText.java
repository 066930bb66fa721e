package io.lockstep.cli;

import io.lockstep.model.Calibration;
import io.lockstep.model.Quality;
import io.lockstep.model.RunSummary.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What predictions are worth, for people. */
final class QualityText {

  /** A table of more classes is wider than a terminal. */
  private static final int MOST_CLASSES = 20;

  private QualityText() {}

  /** Adds an empty line and what there is of some rows; nothing of rows that there are none of. */
  static void add(String rows, Score score, List<String> lines) {
    Quality quality = score == null ? null : score.quality();
    if (quality == null) {
      return;
    }
    lines.add("");
    if (quality.rmse() != null) {
      lines.add(
          "%s: RMSE %s, MAE %s, R² %s"
              .formatted(
                  rows, figure(quality.rmse()), figure(quality.mae()), figure(quality.rSquared())));
      return;
    }
    if (quality.brier() != null) {
      lines.add(
          "%s: AUC %s, Brier score %s"
              .formatted(rows, figure(quality.auc()), figure(quality.brier())));
    }
    if (quality.confusion() != null && quality.classNames().size() <= MOST_CLASSES) {
      lines.add(rows + ": rows of each class (down) that were predicted to be of each (across)");
      lines.addAll(confusion(quality));
    }
    if (quality.calibration() != null) {
      lines.add("");
      lines.addAll(calibration(rows, quality.calibration()));
    }
  }

  /** Without the bins that no row is in. */
  private static List<String> calibration(String rows, Calibration calibration) {
    String of = calibration.of() == null ? "the predicted class" : "class " + calibration.of();
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s: rows by their probability of %s; expected calibration error %s"
            .formatted(rows, of, figure(calibration.expectedError())));
    Table table = new Table("probability", "rows", "mean", "observed");
    for (Calibration.Bin bin : calibration.bins()) {
      if (bin.rows() > 0) {
        table.row(
            String.format(Locale.ROOT, "%.1f to %.1f", bin.low(), bin.high()),
            Figures.count(bin.rows()),
            String.format(Locale.ROOT, "%.3f", bin.predicted()),
            String.format(Locale.ROOT, "%.3f", bin.observed()));
      }
    }
    lines.addAll(table.lines());
    return lines;
  }

  private static List<String> confusion(Quality quality) {
    List<String> headings = new ArrayList<>(List.of(""));
    headings.addAll(quality.classNames());
    headings.addAll(List.of("precision", "recall"));
    Table table = new Table(headings.toArray(String[]::new));
    for (int c = 0; c < quality.classNames().size(); c++) {
      List<String> cells = new ArrayList<>(List.of(quality.classNames().get(c)));
      quality.confusion().get(c).forEach(count -> cells.add(Figures.count(count)));
      cells.add(Figures.percent(quality.precision().get(c)));
      cells.add(Figures.percent(quality.recall().get(c)));
      table.row(cells.toArray(String[]::new));
    }
    return table.lines();
  }

  private static String figure(Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.5g", value);
  }
}
