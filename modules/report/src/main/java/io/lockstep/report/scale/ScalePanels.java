package io.lockstep.report.scale;

import io.lockstep.report.BarsPanel.Bar;
import io.lockstep.report.BarsPanel.Part;
import io.lockstep.report.Distribution;
import io.lockstep.report.LinesPanel;
import io.lockstep.report.LinesPanel.Guide;
import io.lockstep.report.LinesPanel.Line;
import io.lockstep.report.LinesPanel.Names;
import io.lockstep.report.LinesPanel.Spot;
import io.lockstep.report.Panel;
import io.lockstep.report.PanelsPicture;
import io.lockstep.report.drawing.Color;
import io.lockstep.report.drawing.Drawing;
import io.lockstep.report.drawing.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The charts of a scaling experiment.
 *
 * @param results what they show
 */
public record ScalePanels(ScaleResults results) {

  /** How a chart of efficiency is read. */
  static final String EFFICIENCY_NOTE =
      "Speed-up by number of workers. At 100 % no worker is wasted; more workers than cores cannot stay there.";

  /** How the chart of a step's parts is read. */
  static final String STEP_NOTE =
      "One bar is one step, from its beginning to the next one's, and as long as the table says: of the run whose step is the median, or of the two in the middle. Computing is what workers are there for; all the rest is the price of being several. Workers wait for adding at most, for messages at least as long as drawn: servers add while workers compute, too. Other is what is none of these, such as evaluations where no two reports are without one.";

  /** Enough for a line that bends where ratios are equally far apart. */
  private static final int GUIDE_POINTS = 48;

  /** All that a step is made of. */
  private static final List<Part> PARTS =
      Stream.concat(StepBars.PARTS.stream(), Stream.of(new Part("other", Color.MUTED))).toList();

  /** Where a step was not taken apart. */
  private static final List<Part> WHOLE = List.of(new Part("step", Color.of(0x9ecae1)));

  /** The charts of speed, efficiency and the step in one picture. */
  public Drawing picture() {
    return new PanelsPicture(
            results.setup().network() + ": " + results.setup().mode().word() + " scaling",
            "Dots and bars: medians of the runs; strokes: the slowest and the fastest run. Dashed: ideal.",
            List.of(rate(), efficiency(), step()))
        .draw();
  }

  /** Rows a second over workers. */
  public Panel rate() {
    List<Guide> ideal = results.series().stream().map(this::ideal).toList();
    return new LinesPanel(
        new Names("Speed", "workers", "rows a second"),
        workers(),
        lines(results::rate, this::speedUp),
        ideal);
  }

  /** How the chart of speed is read. */
  String rateNote() {
    return "Dots: medians of the runs"
        + (hasSpeedUps() ? ", with how many times as fast that is as one worker" + guess() : "")
        + "; strokes: the slowest and the fastest run. Dashed: what twice the workers would do if they were twice as fast; where that is far above the chart, it ends at its top.";
  }

  private String guess() {
    return results.extrapolates() ? " (extrapolated: nobody works alone)" : "";
  }

  private boolean hasSpeedUps() {
    return results.series().size() == 1;
  }

  private String speedUp(ScaleCell cell) {
    return !hasSpeedUps() || results.base(cell).equals(cell)
        ? ""
        : String.format(Locale.ROOT, "× %.2f", results.speedUp(cell));
  }

  private Guide ideal(List<ScaleCell> series) {
    ScaleCell first = series.getFirst();
    double each = results.rate(first).median() / first.workers();
    double ratio = series.getLast().workers() / (double) first.workers();
    List<Point> points = new ArrayList<>();
    for (int i = 0; i <= GUIDE_POINTS; i++) {
      double workers = first.workers() * Math.pow(ratio, i / (double) GUIDE_POINTS);
      points.add(new Point(workers, each * workers));
    }
    return new Guide("ideal", points);
  }

  /** Share of the ideal speed-up over workers. */
  public Panel efficiency() {
    List<Integer> workers = workers();
    Guide ideal =
        new Guide(
            "ideal",
            List.of(new Point(workers.getFirst(), 100), new Point(workers.getLast(), 100)));
    return new LinesPanel(
        new Names("Efficiency", "workers", "% of the ideal speed-up"),
        workers,
        lines(cell -> percent(results.efficiency(cell)), cell -> ""),
        List.of(ideal));
  }

  private static Distribution percent(Distribution share) {
    return new Distribution(
        share.count(),
        100 * share.mean(),
        100 * share.deviation(),
        100 * share.least(),
        100 * share.lower(),
        100 * share.median(),
        100 * share.upper(),
        100 * share.most());
  }

  private List<Integer> workers() {
    return results.cells().stream().map(ScaleCell::workers).distinct().sorted().toList();
  }

  private List<Line> lines(
      Function<ScaleCell, Distribution> figure, Function<ScaleCell, String> label) {
    List<Line> lines = new ArrayList<>();
    for (List<ScaleCell> series : results.series()) {
      List<Spot> spots =
          series.stream()
              .map(cell -> Spot.of(cell.workers(), figure.apply(cell), label.apply(cell)))
              .toList();
      lines.add(new Line(series.getFirst().series(results.cells(), mode()), spots));
    }
    return lines;
  }

  private ScaleMode mode() {
    return results.setup().mode();
  }

  /** Where the time of a step goes; its whole length where that was not measured of all. */
  public Panel step() {
    List<ScaleCell> cells = results.cells();
    boolean measured = cells.stream().allMatch(cell -> results.parts(cell) != null);
    List<Bar> bars =
        cells.stream()
            .map(
                cell ->
                    new Bar(
                        cell.name(cells, mode()),
                        measured ? parts(cell) : List.of(results.stepMs(cell).median())))
            .toList();
    return StepBars.panel(measured ? PARTS : WHOLE, bars);
  }

  private List<Double> parts(ScaleCell cell) {
    List<Double> values = new ArrayList<>(results.parts(cell).values());
    values.add(results.otherMs(cell));
    return values;
  }

  /** Loss over time. */
  public Panel lossBySeconds(List<ScaleCurve> curves) {
    return loss(curves, "Loss by time", "seconds", ScaleCurve.Point::bySeconds);
  }

  /** Loss over rows: of equal batches the lines lie upon each other. */
  public Panel lossByRows(List<ScaleCurve> curves) {
    return loss(curves, "Loss by rows", "rows trained on", ScaleCurve.Point::byRows);
  }

  private Panel loss(
      List<ScaleCurve> curves, String title, String across, Function<ScaleCurve.Point, Spot> spot) {
    List<Line> lines =
        curves.stream()
            .map(
                curve ->
                    new Line(
                        curve.cell().name(results.cells(), mode()),
                        curve.points().stream().map(spot).toList()))
            .toList();
    return new LinesPanel(
        new Names(title, across, "mean loss of a row"), List.of(), lines, List.of());
  }
}
