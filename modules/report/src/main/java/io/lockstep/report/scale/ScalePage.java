package io.lockstep.report.scale;

import io.lockstep.model.Machine;
import io.lockstep.report.Distribution;
import io.lockstep.report.Numbers;
import io.lockstep.report.Panel;
import io.lockstep.report.PanelsPicture;
import io.lockstep.report.html.HtmlPage;
import io.lockstep.report.scale.ScaleRun.Cut;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A scaling experiment as a page.
 *
 * @param results all runs
 * @param curves how the loss went on, of one run of each cell
 * @param remarks what a reader must not miss, such as that some workers have no work
 */
public record ScalePage(ScaleResults results, List<ScaleCurve> curves, List<String> remarks) {

  /** The content of the file. */
  public String text() {
    ScalePanels panels = new ScalePanels(results);
    String name = results.setup().network() + ": " + results.setup().mode().word() + " scaling";
    HtmlPage page = new HtmlPage(name).result(speed());
    remarks.forEach(page::warning);
    page.result(weights());
    ScaleTable table = new ScaleTable(results);
    page.table(table.head(), table.rows());
    chart(page, "Speed", panels.rateNote(), panels.rate());
    chart(page, "Efficiency", ScalePanels.EFFICIENCY_NOTE, panels.efficiency());
    chart(page, "Where a step goes", ScalePanels.STEP_NOTE, panels.step());
    if (!curves.isEmpty()) {
      losses(page, panels);
    }
    machine(page);
    return page.text();
  }

  private static void chart(HtmlPage page, String heading, String note, Panel panel) {
    page.heading(heading).note(note).drawing(PanelsPicture.of(panel).draw(), heading);
  }

  private void losses(HtmlPage page, ScalePanels panels) {
    page.heading("Loss")
        .note(
            "Means of the rows trained on since the report before. By rows, runs of one batch have the same line; by time, the faster one is ahead.")
        .drawing(
            new PanelsPicture(
                    "", "", List.of(panels.lossBySeconds(curves), panels.lossByRows(curves)))
                .draw(),
            "Loss by time and by rows");
  }

  private String speed() {
    return results
        .fastest()
        .map(this::comparison)
        .orElse("There is nothing to compare: name two numbers of --workers.");
  }

  private String comparison(ScaleCell cell) {
    Distribution rate = results.rate(cell);
    return String.format(
        Locale.ROOT,
        "With %s, %s rows a second are trained on (%s to %s in %d runs): %.2f times as many as with %s, %s of the ideal.",
        cell.name(),
        Numbers.count(Math.round(rate.median())),
        Numbers.count(Math.round(rate.least())),
        Numbers.count(Math.round(rate.most())),
        rate.count(),
        rate.median() / results.rate(results.base(cell)).median(),
        results.base(cell).name(),
        Numbers.percent(results.idealShare(cell)));
  }

  /** Whether the promise was kept. */
  private String weights() {
    Map<Cut, Map<String, List<ScaleCell>>> unequal = results.unequalWeights();
    if (!results.comparesWeights()) {
      return "Weights were not compared, since no two runs should end with the same ones: name two numbers of --workers, or more by --repeat.";
    }
    if (unequal.isEmpty()) {
      return results.setup().mode() == ScaleMode.STRONG
          ? "All runs of a batch ended with the same weights, bit for bit."
          : "All runs of a number of workers ended with the same weights, bit for bit.";
    }
    return "Runs of "
        + String.join(", ", unequal.keySet().stream().map(Cut::name).toList())
        + " ended with different weights, which must not be.";
  }

  private void machine(HtmlPage page) {
    Machine machine = results.setup().machine();
    page.heading("How this was measured")
        .note(
            "%s, %d cores; Java %s; Lockstep %s, commit %s. Runs of all cells took turns; a run's speed is that of the last two thirds of its steps, without evaluations unless there is one between nearly any two reports."
                .formatted(
                    machine.cpu(),
                    machine.cores(),
                    machine.jdk(),
                    results.setup().build().version(),
                    results.setup().build().commit()))
        .verbatim(results.setup().command());
  }
}
