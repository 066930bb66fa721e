package io.lockstep.cli;

import io.lockstep.report.Numbers;
import io.lockstep.report.forecast.Comparison;
import io.lockstep.report.forecast.Durations;
import io.lockstep.report.forecast.ForecastPoint;
import io.lockstep.report.forecast.ForecastResults;
import io.lockstep.report.forecast.Measurement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code forecast} prints. Stateless. */
final class ForecastText {

  private ForecastText() {}

  /** All that was predicted, and what was measured of it. */
  static List<String> lines(ForecastResults results, Measurement measured) {
    List<String> lines = new ArrayList<>(results.setup().assumptions());
    lines.add("");
    lines.addAll(table(results).lines());
    lines.add("");
    if (!measured.compared().isEmpty()) {
      lines.addAll(measured.remarks());
      lines.addAll(beside(measured.compared()).lines());
      lines.add("");
    }
    if (results.answer() != null) {
      lines.add(results.answer());
    }
    return lines;
  }

  private static Table table(ForecastResults results) {
    Table table =
        new Table(
            "nodes",
            "servers",
            "batch",
            "rows/s",
            "efficiency",
            "step, ms",
            "bottleneck",
            "saved without it",
            "removed by",
            "training",
            "lost");
    results.points().forEach(point -> table.row(row(point)));
    return table;
  }

  private static String[] row(ForecastPoint point) {
    ForecastPoint.Limit limit = point.limit();
    return new String[] {
      "" + point.machines().nodes(),
      "" + point.machines().servers(),
      "" + point.batch(),
      Figures.count(Math.round(point.rate().median())),
      Numbers.percent(point.efficiency()),
      String.format(Locale.ROOT, "%.3f", point.stepMs()),
      limit.name(),
      Numbers.percent(limit.gain()),
      limit.servers() == null ? "-" : Figures.count(limit.servers(), "server"),
      Durations.text(point.training().seconds()),
      point.training().lostSeconds() == 0 ? "-" : Durations.text(point.training().lostSeconds())
    };
  }

  private static Table beside(List<Comparison> measured) {
    Table table = new Table("nodes", "servers", "batch", "predicted, ms", "measured, ms", "error");
    for (Comparison one : measured) {
      table.row(
          "" + one.predicted().machines().nodes(),
          "" + one.predicted().machines().servers(),
          "" + one.predicted().batch(),
          String.format(Locale.ROOT, "%.3f", one.predicted().stepMs()),
          String.format(Locale.ROOT, "%.3f", one.stepMs().median()),
          String.format(Locale.ROOT, "%+.1f %%", 100 * one.error()));
    }
    return table;
  }
}
