package io.lockstep.cli;

import io.lockstep.report.scale.ScaleCell;
import io.lockstep.report.scale.ScaleResults;
import io.lockstep.report.scale.ScaleRun;
import io.lockstep.report.scale.ScaleTable;
import java.util.ArrayList;
import java.util.List;
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
    ScaleTable figures = new ScaleTable(results);
    Table table = new Table(figures.head().toArray(String[]::new));
    figures.rows().forEach(row -> table.row(row.toArray(String[]::new)));
    return table;
  }

  /** Which cells have ended with which weights, where several of what should be equal. */
  static List<String> unequal(ScaleResults results) {
    List<String> lines = new ArrayList<>();
    results.unequalWeights().forEach((cut, found) -> lines.add(cut.name() + ": " + unequal(found)));
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
