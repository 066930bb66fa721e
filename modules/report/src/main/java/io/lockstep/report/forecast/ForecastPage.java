package io.lockstep.report.forecast;

import io.lockstep.report.Numbers;
import io.lockstep.report.PanelsPicture;
import io.lockstep.report.html.HtmlPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A forecast as a page.
 *
 * @param results what was predicted
 * @param measured what was measured of it
 * @param command the command line
 */
public record ForecastPage(ForecastResults results, Measurement measured, String command) {

  private static final List<String> HEAD =
      List.of(
          "nodes",
          "servers",
          "batch",
          "rows/s",
          "efficiency",
          "step, ms",
          "bottleneck",
          "saved without it",
          "removed by",
          "steps",
          "training",
          "lost to failures");

  private static final List<String> MEASURED =
      List.of("", "batch", "predicted step, ms", "measured, ms", "least – most", "error");

  /** The content of the file. */
  public String text() {
    ForecastPanels panels = new ForecastPanels(results, measured.compared());
    HtmlPage page = new HtmlPage(panels.title());
    results.remarks().forEach(page::warning);
    page.result(scaling());
    if (results.answer() != null) {
      page.result(results.answer());
    }
    page.table(HEAD, results.points().stream().map(ForecastPage::row).toList());
    page.heading("Speed and efficiency")
        .note(ForecastPanels.RATE_NOTE)
        .drawing(
            new PanelsPicture("", "", List.of(panels.rate(), panels.efficiency())).draw(),
            "Speed and efficiency over nodes");
    page.heading("Where a step goes")
        .note(ForecastPanels.STEP_NOTE)
        .drawing(
            new PanelsPicture("", "", List.of(panels.step(), panels.limits())).draw(),
            "Where a step goes, and what limits it");
    if (!measured.compared().isEmpty()) {
      comparison(page);
    }
    origin(page);
    return page.text();
  }

  private String scaling() {
    ForecastPoint last = results.points().getLast();
    return String.format(
        Locale.ROOT,
        "With %s: %s rows a second, %s of what as many nodes with free links would do; limited by %s.",
        last.name(),
        Numbers.count(Math.round(last.rate().median())),
        Numbers.percent(last.efficiency()),
        last.limit().name());
  }

  private static List<String> row(ForecastPoint point) {
    return List.of(
        Numbers.count(point.machines().nodes()),
        Numbers.count(point.machines().servers()),
        Numbers.count(point.batch()),
        Numbers.count(Math.round(point.rate().median())),
        Numbers.percent(point.efficiency()),
        Numbers.digits(point.stepMs()),
        point.limit().name(),
        Numbers.percent(point.limit().gain()),
        point.limit().servers() == null ? "–" : Numbers.count(point.limit().servers(), "server"),
        Numbers.count(point.training().steps()),
        Durations.text(point.training().seconds()),
        point.training().lostSeconds() == 0 ? "–" : Durations.text(point.training().lostSeconds()));
  }

  private void comparison(HtmlPage page) {
    List<List<String>> rows = new ArrayList<>();
    for (Comparison one : measured.compared()) {
      rows.add(
          List.of(
              one.predicted().name(),
              Numbers.count(one.predicted().batch()),
              Numbers.digits(one.predicted().stepMs()),
              Numbers.digits(one.stepMs().median()),
              Numbers.digits(one.stepMs().least()) + " – " + Numbers.digits(one.stepMs().most()),
              Numbers.minus(String.format(Locale.ROOT, "%+.1f %%", 100 * one.error()))));
    }
    page.heading("Measured beside predicted")
        .note("Error: predicted by measured time of a step. Above zero the forecast is too slow.");
    measured.remarks().forEach(page::warning);
    page.table(MEASURED, rows);
  }

  private void origin(HtmlPage page) {
    ForecastResults.Setup setup = results.setup();
    page.heading("What this rests on");
    setup.assumptions().forEach(page::note);
    page.note(
            "Profile: %s. Seed %d. Lockstep %s, commit %s."
                .formatted(
                    setup.profiled(),
                    setup.seed(),
                    setup.build().version(),
                    setup.build().commit()))
        .verbatim(command);
  }
}
