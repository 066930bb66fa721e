package io.lockstep.report.scale;

import io.lockstep.report.Distribution;
import io.lockstep.report.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The figures of a scaling experiment as texts, a row for each cell: for the page and for
 * terminals.
 *
 * @param results what it shows
 */
public record ScaleTable(ScaleResults results) {

  /** What was not measured. */
  private static final String NONE = "–";

  /** The headings. */
  public List<String> head() {
    List<String> head =
        new ArrayList<>(
            List.of(
                "workers",
                "servers",
                "batch",
                "runs",
                "rows/s",
                "least – most",
                "step, ms",
                results.extrapolates() ? "× one worker (extrapolated)" : "speed-up",
                "efficiency"));
    if (hasTarget()) {
      head.add("s to " + results.setup().target());
    }
    return head;
  }

  private boolean hasTarget() {
    return results.setup().target() != null;
  }

  /** One for each cell, in their order. */
  public List<List<String>> rows() {
    return results.cells().stream().map(this::row).toList();
  }

  private List<String> row(ScaleCell cell) {
    Distribution rate = results.rate(cell);
    List<String> row =
        new ArrayList<>(
            List.of(
                Numbers.count(cell.workers()),
                Numbers.count(cell.servers()),
                Numbers.count(cell.batch()),
                Numbers.count(rate.count()),
                whole(rate.median()),
                whole(rate.least()) + " – " + whole(rate.most()),
                Numbers.digits(results.stepMs(cell).median()),
                String.format(Locale.ROOT, "%.2f", results.speedUp(cell)),
                Numbers.percent(results.idealShare(cell))));
    if (hasTarget()) {
      Distribution seconds = results.secondsToTarget(cell);
      row.add(seconds.count() == 0 ? NONE : Numbers.digits(seconds.median()));
    }
    return row;
  }

  private static String whole(double number) {
    return Numbers.count(Math.round(number));
  }
}
