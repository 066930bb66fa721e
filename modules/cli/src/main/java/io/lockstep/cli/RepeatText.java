package io.lockstep.cli;

import io.lockstep.report.Distribution;
import io.lockstep.report.RepeatedRuns;
import io.lockstep.report.RepeatedRuns.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What {@code repeat} says of its runs. */
final class RepeatText {

  private static final List<String> FIGURES = List.of("trainLoss", "testLoss", "testAccuracy");

  private RepeatText() {}

  /** A run that is done. */
  static String line(Variation variation, Result result) {
    String what =
        variation.values().isEmpty()
            ? "seed " + result.seed()
            : "%s, seed %d".formatted(variation.name(), result.seed());
    if (!Double.isFinite(result.trainLoss())) {
      return what + ": diverged";
    }
    StringBuilder line = new StringBuilder(what);
    line.append(": training loss ").append(Figures.loss(result.trainLoss()));
    if (result.testLoss() != null) {
      line.append(", test loss ").append(Figures.loss(result.testLoss()));
    }
    if (result.testAccuracy() != null) {
      line.append(", test accuracy ").append(Figures.percent(result.testAccuracy()));
    }
    return line.toString();
  }

  /** A line for each kind of runs and figure. */
  static Table table(List<RepeatedRuns> kinds) {
    Table table = new Table("", " ", "runs", "mean", "deviation", "least", "median", "most");
    for (RepeatedRuns runs : kinds) {
      row(table, runs, "training loss", Result::trainLoss, Figures::loss);
      row(table, runs, "test loss", Result::testLoss, Figures::loss);
      row(table, runs, "test accuracy", Result::testAccuracy, Figures::percent);
    }
    return table;
  }

  private static void row(
      Table table,
      RepeatedRuns runs,
      String name,
      Function<Result, Double> figure,
      Function<Double, String> text) {
    Distribution all = runs.distribution(figure);
    if (all.count() > 0) {
      table.row(
          runs.name(),
          name,
          Figures.count(all.count()),
          text.apply(all.mean()),
          all.count() < 2 ? "-" : text.apply(all.deviation()),
          text.apply(all.least()),
          text.apply(all.median()),
          text.apply(all.most()));
    }
  }

  /**
   * A line for each run: what was varied, the seed, and the figures, empty where there is none.
   *
   * @throws BadInputException if it cannot be written
   */
  static void writeCsv(Path file, List<Variation> variations, List<RepeatedRuns> kinds) {
    List<String> lines = new ArrayList<>();
    List<String> heading = new ArrayList<>(variations.getFirst().values().keySet());
    heading.add("seed");
    heading.addAll(FIGURES);
    lines.add(String.join(",", heading));
    for (int i = 0; i < variations.size(); i++) {
      for (Result result : kinds.get(i).results()) {
        List<String> cells = new ArrayList<>(variations.get(i).values().values());
        cells.add(Long.toString(result.seed()));
        cells.add(cell(result.trainLoss()));
        cells.add(cell(result.testLoss()));
        cells.add(cell(result.testAccuracy()));
        lines.add(String.join(",", cells));
      }
    }
    try {
      Files.write(file, lines);
    } catch (IOException failure) {
      throw new BadInputException("%s: cannot be written: %s".formatted(file, failure), failure);
    }
  }

  private static String cell(Double value) {
    return value == null ? "" : value.toString();
  }
}
