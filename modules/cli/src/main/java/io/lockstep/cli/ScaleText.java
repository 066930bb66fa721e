package io.lockstep.cli;

import io.lockstep.report.Distribution;
import io.lockstep.report.scale.ScaleCell;
import io.lockstep.report.scale.ScaleResults;
import io.lockstep.report.scale.ScaleRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@code scale} says of its runs. */
final class ScaleText {

  /** Of a digest, to tell two apart. */
  private static final int DIGITS = 12;

  private ScaleText() {}

  /** A run that is done. */
  static String line(ScaleRun run) {
    return "%s, round %d: %s"
        .formatted(run.cell().name(), run.round(), Figures.speed(run.rate().rowsPerSecond()));
  }

  /** A line for each cell. */
  static Table table(ScaleResults results) {
    List<String> head =
        new ArrayList<>(
            List.of(
                "workers",
                "servers",
                "batch",
                "rows/s",
                "least",
                "most",
                "step, ms",
                "speed-up",
                "efficiency"));
    boolean timed = results.setup().target() != null;
    if (timed) {
      head.add("s to " + results.setup().target());
    }
    Table table = new Table(head.toArray(String[]::new));
    results.cells().forEach(cell -> table.row(row(results, cell, timed)));
    return table;
  }

  private static String[] row(ScaleResults results, ScaleCell cell, boolean timed) {
    Distribution rate = results.rate(cell);
    List<String> row =
        new ArrayList<>(
            List.of(
                "" + cell.workers(),
                "" + cell.servers(),
                "" + cell.batch(),
                Figures.count(Math.round(rate.median())),
                Figures.count(Math.round(rate.least())),
                Figures.count(Math.round(rate.most())),
                String.format(Locale.ROOT, "%.3f", results.stepMs(cell).median()),
                String.format(Locale.ROOT, "%.2f", results.speedUp(cell)),
                String.format(Locale.ROOT, "%.0f %%", 100 * results.efficiency(cell).median())));
    if (timed) {
      row.add(String.format(Locale.ROOT, "%.2f", results.secondsToTarget(cell).median()));
    }
    return row.toArray(String[]::new);
  }

  /** Which cells have ended with which weights, of batches of which there are several. */
  static List<String> unequal(ScaleResults results) {
    List<String> lines = new ArrayList<>();
    results
        .unequalWeights()
        .forEach((batch, found) -> lines.add("batch %d: %s".formatted(batch, unequal(found))));
    return lines;
  }

  private static String unequal(Map<String, List<ScaleCell>> found) {
    return found.entrySet().stream()
        .map(entry -> weights(entry.getKey()) + " of " + names(entry.getValue()))
        .collect(Collectors.joining("; "));
  }

  private static String weights(String sha256) {
    return sha256.substring(0, Math.min(DIGITS, sha256.length())) + "…";
  }

  private static String names(List<ScaleCell> cells) {
    return cells.stream()
        .map(
            cell ->
                Figures.count(cell.workers(), "worker")
                    + " and "
                    + Figures.count(cell.servers(), "server"))
        .collect(Collectors.joining(", "));
  }
}
