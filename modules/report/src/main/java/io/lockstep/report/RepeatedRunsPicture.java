package io.lockstep.report;

import io.lockstep.report.RepeatedRuns.Result;
import io.lockstep.report.drawing.Canvas;
import io.lockstep.report.drawing.Color;
import io.lockstep.report.drawing.Drawing;
import io.lockstep.report.drawing.Glyphs;
import io.lockstep.report.drawing.Mark.Anchor;
import io.lockstep.report.drawing.Palette;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * How losses and accuracy are distributed over the seeds: a line for each kind of runs, a dot for
 * each run, and a box with the quartiles and the median.
 *
 * @param title of the picture
 * @param kinds at least one
 */
public record RepeatedRunsPicture(String title, List<RepeatedRuns> kinds) {

  private static final String EXPLANATION =
      "Each dot is a run with a seed of its own, that is, with other first weights and another order of the rows. Boxes hold the middle half of the runs, with a line at the median. Losses are means over the rows, by the weights that a run ended with.";

  private static final double MARGIN = 24;
  private static final double PANEL = 330;
  private static final double GAP = 34;
  private static final double LINE = 54;
  private static final double BOX = 26;
  private static final double DOT = 3;

  /** Beyond this ratio of the largest to the smallest, an axis is logarithmic. */
  private static final double WIDE = 30;

  /** The dots of a line go round these heights, so that equal numbers can be told apart. */
  private static final double[] HEIGHTS = {0, -8, 4, -4, 8};

  /** One of the charts beside each other. */
  private record Panel(String name, double factor, Function<Result, Double> figure) {

    Double of(Result result) {
      Double value = figure.apply(result);
      return value == null ? null : factor * value;
    }
  }

  /** The picture. */
  public Drawing draw() {
    Canvas canvas = new Canvas();
    List<Panel> panels = panels();
    double names =
        kinds.stream().mapToDouble(k -> Glyphs.width(k.name(), 12, true)).max().orElse(0);
    double left = MARGIN + Math.max(names, 90) + 16;
    double width =
        Math.max(
            left + panels.size() * (PANEL + GAP) - GAP, MARGIN + Glyphs.width(title, 17, true));
    canvas.bold(MARGIN, 34, title, 17, Anchor.START, Color.INK);
    double top = canvas.paragraph(MARGIN, 56, width - MARGIN, EXPLANATION, 12, Color.MUTED) + 10;
    for (int kind = 0; kind < kinds.size(); kind++) {
      name(canvas, kinds.get(kind), left - 14, top + (kind + 0.5) * LINE, Palette.of(kind));
    }
    for (int i = 0; i < panels.size(); i++) {
      panel(canvas, panels.get(i), left + i * (PANEL + GAP), top);
    }
    return canvas.toDrawing(width + MARGIN, top + kinds.size() * LINE + 52);
  }

  private List<Panel> panels() {
    List<Panel> panels = new ArrayList<>();
    panels.add(new Panel("loss of the training rows", 1, Result::trainLoss));
    if (any(Result::testLoss)) {
      panels.add(new Panel("loss of the test rows", 1, Result::testLoss));
    }
    if (any(Result::testAccuracy)) {
      panels.add(new Panel("accuracy in % of the test rows", 100, Result::testAccuracy));
    }
    return panels;
  }

  private boolean any(Function<Result, Double> figure) {
    return kinds.stream().anyMatch(kind -> !kind.numbers(figure).isEmpty());
  }

  private static void name(Canvas canvas, RepeatedRuns runs, double end, double y, Color color) {
    int diverged = runs.results().size() - runs.numbers(Result::trainLoss).size();
    String count =
        runs.results().size()
            + (runs.results().size() == 1 ? " run" : " runs")
            + (diverged == 0 ? "" : ", %d diverged".formatted(diverged));
    canvas.bold(end, y, runs.name(), 12, Anchor.END, color);
    canvas.text(end, y + 15, count, 11, Anchor.END, Color.MUTED);
  }

  private void panel(Canvas canvas, Panel panel, double x, double y) {
    double height = kinds.size() * LINE;
    NumberLine line = numberLine(panel, x);
    canvas.box(x, y, PANEL, height, Color.WHITE);
    Ticks ticks = line.ticks();
    for (int i = 0; i < ticks.values().size(); i++) {
      double at = line.at(ticks.values().get(i));
      canvas.line(at, y, at, y + height, Color.GRID, 1);
      canvas.text(at, y + height + 17, ticks.labels().get(i), 11, Anchor.MIDDLE, Color.INK);
    }
    for (int kind = 0; kind < kinds.size(); kind++) {
      if (kind > 0) {
        canvas.line(x, y + kind * LINE, x + PANEL, y + kind * LINE, Color.GRID, 1);
      }
      double middle = y + (kind + 0.5) * LINE;
      runs(canvas, line, kinds.get(kind).numbers(panel::of), middle, Palette.of(kind));
    }
    canvas.frame(x, y, PANEL, height, Color.MUTED, 1);
    String name =
        panel.name() + (line.scale() == NumberLine.Scale.LOGARITHMIC ? ", logarithmic" : "");
    canvas.text(x + PANEL / 2, y + height + 36, name, 12, Anchor.MIDDLE, Color.INK);
  }

  private NumberLine numberLine(Panel panel, double x) {
    List<Double> all =
        kinds.stream().map(kind -> kind.numbers(panel::of)).flatMap(List::stream).toList();
    double least = all.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    double most = all.stream().mapToDouble(Double::doubleValue).max().orElse(1);
    boolean logarithmic = least > 0 && most / least > WIDE;
    return NumberLine.around(all, logarithmic, x, PANEL);
  }

  private static void runs(
      Canvas canvas, NumberLine line, List<Double> numbers, double y, Color color) {
    if (numbers.isEmpty()) {
      return;
    }
    Distribution all = Distribution.of(numbers);
    double lower = line.at(all.lower());
    canvas.box(lower, y - BOX / 2, line.at(all.upper()) - lower, BOX, color.withOpacity(0.18));
    canvas.frame(
        lower, y - BOX / 2, line.at(all.upper()) - lower, BOX, color.withOpacity(0.6), 0.75);
    for (int i = 0; i < numbers.size(); i++) {
      double at = line.at(numbers.get(i));
      double height = numbers.size() == 1 ? 0 : HEIGHTS[i % HEIGHTS.length];
      canvas.disc(at, y + height, DOT, color.withOpacity(0.75), Color.WHITE, 0.5);
    }
    double median = line.at(all.median());
    canvas.line(median, y - BOX / 2 - 3, median, y + BOX / 2 + 3, color, 2.5);
  }
}
