package io.lockstep.report.forecast;

import io.lockstep.report.BarsPanel.Bar;
import io.lockstep.report.LabelsPanel;
import io.lockstep.report.LabelsPanel.Label;
import io.lockstep.report.LinesPanel;
import io.lockstep.report.LinesPanel.Guide;
import io.lockstep.report.LinesPanel.Line;
import io.lockstep.report.LinesPanel.Names;
import io.lockstep.report.LinesPanel.Spot;
import io.lockstep.report.Numbers;
import io.lockstep.report.Panel;
import io.lockstep.report.PanelsPicture;
import io.lockstep.report.drawing.Color;
import io.lockstep.report.drawing.Drawing;
import io.lockstep.report.drawing.Point;
import io.lockstep.report.scale.StepBars;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The charts of a forecast.
 *
 * @param results what they show
 * @param measured what was measured of it; empty for nothing
 */
public record ForecastPanels(ForecastResults results, List<Comparison> measured) {

  /** How the charts of speed and efficiency are read. */
  static final String RATE_NOTE =
      "Dashed: what a node does by itself with free links, times the nodes; it may leave the chart at its top. Efficiency is the share of it that is left.";

  /** How the chart of a step's parts is read. */
  static final String STEP_NOTE =
      "One bar is one step. Beside it, in the colour of the part in which it shows, stands what costs most of what being several costs, and the share of the step that would be saved if it took no time; both links or several, where none of them alone would save 2 %, but together they would; compute, where nothing else would.";

  /** Between two clusters: enough for a line that bends where ratios are equally far apart. */
  private static final int GUIDE_POINTS = 12;

  private static final String IDEAL = "nodes with free links";

  /** All charts in one picture. */
  public Drawing picture() {
    List<Panel> panels = new ArrayList<>(List.of(rate(), efficiency(), step(), limits()));
    return new PanelsPicture(title(), explanation(), panels).draw();
  }

  String title() {
    return results.setup().network()
        + ": forecast of "
        + results.setup().mode().word()
        + " scaling";
  }

  private String explanation() {
    List<String> sentences = new ArrayList<>(results.remarks());
    sentences.addAll(results.setup().assumptions());
    if (results.isSpread()) {
      sentences.add("Strokes: the slowest and the fastest of several draws.");
    }
    return String.join(" ", sentences.stream().map(ForecastPanels::sentence).toList());
  }

  private static String sentence(String text) {
    return text.endsWith(".") ? text : text + ".";
  }

  /** Rows a second over nodes. */
  public Panel rate() {
    List<Line> lines = lines(point -> point.rate().over(point.machines().nodes()));
    if (!measured.isEmpty()) {
      lines.add(new Line("measured", measured.stream().map(ForecastPanels::rate).toList()));
    }
    return new LinesPanel(
        new Names("Speed", "nodes", "rows a second"), nodes(), lines, List.of(ideal()));
  }

  private static Spot rate(Comparison comparison) {
    return Spot.of(comparison.predicted().machines().nodes(), comparison.rate(), "");
  }

  /** Straight from one cluster to the next, each with the servers that it has. */
  private Guide ideal() {
    List<Point> points = new ArrayList<>();
    List<ForecastPoint> all = results.points();
    points.add(ideal(all.getFirst(), all.getFirst(), 0));
    for (int i = 1; i < all.size(); i++) {
      for (int part = 1; part <= GUIDE_POINTS; part++) {
        points.add(ideal(all.get(i - 1), all.get(i), part / (double) GUIDE_POINTS));
      }
    }
    return new Guide(IDEAL, points);
  }

  private static Point ideal(ForecastPoint from, ForecastPoint to, double part) {
    int first = from.machines().nodes();
    double nodes = first * Math.pow(to.machines().nodes() / (double) first, part);
    return new Point(nodes, nodes * (alone(from) + part * (alone(to) - alone(from))));
  }

  /** Rows a second of a node by itself. */
  private static double alone(ForecastPoint point) {
    return point.rate().median() / point.efficiency() / point.machines().nodes();
  }

  /** Share of what nodes do with free links, over nodes. */
  public Panel efficiency() {
    List<Line> lines = lines(ForecastPanels::efficiency);
    if (!measured.isEmpty()) {
      lines.add(new Line("measured", measured.stream().map(ForecastPanels::efficiency).toList()));
    }
    List<Integer> nodes = nodes();
    Guide ideal =
        new Guide(
            IDEAL, List.of(new Point(nodes.getFirst(), 100), new Point(nodes.getLast(), 100)));
    return new LinesPanel(
        new Names("Efficiency", "nodes", "% of nodes with free links"),
        nodes,
        lines,
        List.of(ideal));
  }

  private static Spot efficiency(ForecastPoint point) {
    int nodes = point.machines().nodes();
    return point.rate().by(alone(point) * nodes / 100).over(nodes);
  }

  private static Spot efficiency(Comparison comparison) {
    int nodes = comparison.predicted().machines().nodes();
    double ideal = alone(comparison.predicted()) * nodes / 100;
    Spot rate = rate(comparison);
    return new Spot(nodes, rate.least() / ideal, rate.median() / ideal, rate.most() / ideal, "");
  }

  private List<Integer> nodes() {
    return results.points().stream().map(point -> point.machines().nodes()).toList();
  }

  private List<Line> lines(Function<ForecastPoint, Spot> spot) {
    String name = measured.isEmpty() ? "" : "predicted";
    return new ArrayList<>(List.of(new Line(name, results.points().stream().map(spot).toList())));
  }

  /** Where the time of a step goes. */
  public Panel step() {
    boolean others =
        results.points().stream().map(p -> p.machines().servers()).distinct().count() > 1;
    List<Bar> bars =
        results.points().stream()
            .map(
                point -> new Bar(others ? point.name() : point.nodesName(), point.parts().values()))
            .toList();
    return StepBars.panel(StepBars.PARTS, bars);
  }

  /** What keeps each from being faster; its lines are those of {@link #step}. */
  public Panel limits() {
    List<Label> labels = results.points().stream().map(point -> label(point.limit())).toList();
    return new LabelsPanel("What limits it, and costs", labels);
  }

  /** The colour of the part of a step in which it shows. */
  private static Color color(String limit) {
    int part =
        switch (limit) {
          case "compute" -> 0;
          case "aggregation" -> 2;
          case "stragglers" -> 4;
          default -> 3;
        };
    return StepBars.PARTS.get(part).color();
  }

  private static Label label(ForecastPoint.Limit limit) {
    String gain = limit.gain() > 0 ? Numbers.percent(limit.gain()) : "";
    String servers =
        limit.servers() == null ? "" : ", not with " + Numbers.count(limit.servers(), "server");
    return new Label(
        limit.name(), color(limit.name()), limit.name().equals("compute") ? "" : gain + servers);
  }
}
