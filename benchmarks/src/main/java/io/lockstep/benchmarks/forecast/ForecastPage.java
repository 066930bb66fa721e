package io.lockstep.benchmarks.forecast;

import io.lockstep.benchmarks.Spread;
import io.lockstep.benchmarks.forecast.ForecastResults.OfCell;
import io.lockstep.benchmarks.peers.Markdown;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Predictions beside what was measured, as a document: all cells, misses included. */
final class ForecastPage {

  private final ForecastResults results;
  private final Markdown page;

  /**
   * @param file overwritten
   * @param terminal where it is printed, too
   */
  ForecastPage(ForecastResults results, Path file, PrintStream terminal) {
    this.results = results;
    this.page = new Markdown(file, terminal);
  }

  void write() throws IOException {
    page.heading(1, "Forecasts and measurements");
    page.paragraph(
        """
        Written by `benchmarks/run forecast predict`, before anything was measured, then by \
        `benchmarks/run forecast measure` and `crosscheck`; [README.md](README.md) says how. Times \
        of a step in milliseconds; the error is that of the prediction, in percent of what was \
        measured.""");
    machine();
    cells("Emulated machines", Cell::isEmulated);
    cells("Processes of this machine", cell -> !cell.isEmulated());
    errors();
    crossChecks();
  }

  private void machine() throws IOException {
    Markdown.Table table = new Markdown.Table("measured on", "");
    results.machine().forEach(table::row);
    page.table(table);
  }

  private void cells(String title, Function<Cell, Boolean> which) throws IOException {
    page.heading(2, title);
    Markdown.Table table =
        new Markdown.Table(
            "network",
            "nodes",
            "servers",
            "link",
            "predicted",
            "measured",
            "rounds",
            "error",
            "cores busy");
    results.cells().stream().filter(one -> which.apply(one.cell())).forEach(one -> row(table, one));
    page.table(table);
  }

  private static void row(Markdown.Table table, OfCell one) {
    Cell cell = one.cell();
    table.row(
        cell.network().toString(),
        "" + cell.nodes(),
        "" + cell.servers(),
        cell.link(),
        one.predictedMs() == null ? "" : ms(one.predictedMs()),
        one.measured().isEmpty() ? "" : ms(measuredMs(one)),
        rounds(one),
        error(one).map(e -> String.format(Locale.ROOT, "%+.1f %%", 100 * e)).orElse(""),
        cores(one));
  }

  private static String ms(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.1f", value);
  }

  private static double measuredMs(OfCell one) {
    return Spread.median(one.measured().stream().map(Measured::stepMs).toList());
  }

  private static double coresOf(OfCell one) {
    return Spread.median(one.measured().stream().map(Measured::cores).toList());
  }

  private static String rounds(OfCell one) {
    return String.join(
        ", ", one.measured().stream().map(Measured::stepMs).map(ForecastPage::ms).toList());
  }

  private static String cores(OfCell one) {
    if (one.measured().isEmpty() || !one.cell().isEmulated()) {
      return "";
    }
    String cores = String.format(Locale.ROOT, "%.2f", coresOf(one));
    return isValid(one) ? cores : cores + ", not valid";
  }

  /** Processes of this machine are meant to be short of cores. */
  private static boolean isValid(OfCell one) {
    return !one.cell().isEmulated() || Measured.isValid(coresOf(one));
  }

  /** Of the prediction; none where one of both is missing, or cores were. */
  private static Optional<Double> error(OfCell one) {
    return one.predictedMs() == null || one.measured().isEmpty() || !isValid(one)
        ? Optional.empty()
        : Optional.of(one.predictedMs() / measuredMs(one) - 1);
  }

  private void errors() throws IOException {
    page.heading(2, "Errors");
    Markdown.Table table = new Markdown.Table("group", "cells", "median", "worst", "worst cell");
    Stream.of(ForecastNetwork.values())
        .forEach(n -> group(table, n.toString(), cell -> cell.network() == n));
    Stream.of(1, 2, 4, 8, 16)
        .forEach(n -> group(table, n + " emulated", c -> c.isEmulated() && c.nodes() == n));
    Stream.of(100, 1_000).forEach(m -> group(table, m + " Mbit/s", cell -> cell.mbit() == m));
    Stream.of(1, 10).forEach(l -> group(table, l + " ms", cell -> cell.latencyMs() == l));
    group(table, "two servers", cell -> cell.servers() == 2);
    group(table, "all emulated", Cell::isEmulated);
    group(table, "processes of this machine", cell -> !cell.isEmulated());
    group(table, "all", cell -> true);
    page.table(table);
  }

  private void group(Markdown.Table table, String name, Function<Cell, Boolean> which) {
    List<OfCell> cells =
        results.cells().stream()
            .filter(one -> which.apply(one.cell()) && error(one).isPresent())
            .toList();
    if (cells.isEmpty()) {
      return;
    }
    OfCell worst =
        cells.stream()
            .max((a, b) -> Double.compare(absoluteError(a), absoluteError(b)))
            .orElseThrow();
    table.row(
        name,
        "" + cells.size(),
        percent(Spread.median(cells.stream().map(ForecastPage::absoluteError).toList())),
        percent(absoluteError(worst)),
        worst.cell().name());
  }

  private static double absoluteError(OfCell one) {
    return Math.abs(error(one).orElseThrow());
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private void crossChecks() throws IOException {
    if (results.crossChecks().isEmpty()) {
      return;
    }
    page.heading(2, "Shaped links beside the kernel's");
    Markdown.Table table =
        new Markdown.Table("network", "nodes", "link", "shaped links", "namespaces", "difference");
    for (ForecastResults.CrossCheck check : results.crossChecks()) {
      table.row(
          check.cell().network().toString(),
          "" + check.cell().nodes(),
          check.cell().link(),
          ms(check.shapedMs()),
          ms(check.namespacesMs()),
          String.format(
              Locale.ROOT, "%+.1f %%", 100 * (check.shapedMs() / check.namespacesMs() - 1)));
    }
    page.table(table);
  }
}
