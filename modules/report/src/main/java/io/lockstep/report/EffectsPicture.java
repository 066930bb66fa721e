package io.lockstep.report;

import io.lockstep.report.Axes.Range;
import io.lockstep.report.drawing.Canvas;
import io.lockstep.report.drawing.Color;
import io.lockstep.report.drawing.Drawing;
import io.lockstep.report.drawing.Glyphs;
import io.lockstep.report.drawing.Mark.Anchor;
import io.lockstep.report.drawing.Palette;
import io.lockstep.report.drawing.Point;
import java.util.ArrayList;
import java.util.List;

/**
 * How the mean prediction depends on each column of a table: a chart each, all of the same height,
 * so that strong effects look strong.
 *
 * @param title of the picture
 * @param what is predicted, for instance {@code mean predicted cnt}
 * @param outputs names of the classes, whose probabilities are shown; one name where there is one
 *     curve
 * @param effects in the order in which they are shown
 * @param rows how many rows each mean is over
 */
public record EffectsPicture(
    String title, String what, List<String> outputs, List<Effect> effects, int rows) {

  private static final double MARGIN = 24;
  private static final double LEFT = 58;
  private static final double PANEL = 250;
  private static final double HEIGHT = 190;
  private static final double BELOW = 62;
  private static final int IN_LINE = 3;
  private static final double NAME_GAP = 6;

  /** A name that is not cut. */
  private static final double SHORT = 28;

  /** The picture. */
  public Drawing draw() {
    Canvas canvas = new Canvas();
    canvas.bold(MARGIN, 34, title, 17, Anchor.START, Color.INK);
    double columns = Math.min(IN_LINE, effects.size());
    double width = Math.max(columns * (LEFT + PANEL + 16), 560);
    double top = canvas.paragraph(MARGIN, 56, width, subtitle(), 12, Color.MUTED) + 6;
    top = outputs.size() > 1 ? legend(canvas, top + 6, width) : top;
    Range up = up();
    for (int i = 0; i < effects.size(); i++) {
      double x = MARGIN + LEFT + i % IN_LINE * (LEFT + PANEL + 16);
      panel(canvas, effects.get(i), x, top + i / IN_LINE * (HEIGHT + BELOW), up);
    }
    double lines = Math.ceilDiv(effects.size(), IN_LINE);
    return canvas.toDrawing(2 * MARGIN + width, top + lines * (HEIGHT + BELOW) + 4);
  }

  private String subtitle() {
    return "Each chart: one column is set to a value in all of %s rows, the others stay as they are, and the predictions are averaged (partial dependence). Of numbers with more than %d values, quantiles are drawn; of texts at most the %d most frequent; of other columns, values found in fewer than 0.1 %% of the rows are not. The strongest effect comes first; all charts have the same height."
        .formatted(
            Numbers.count(rows), PartialDependence.MOST_VALUES, PartialDependence.MOST_LEVELS);
  }

  private Range up() {
    List<Double> all =
        effects.stream().flatMap(e -> e.means().stream()).flatMap(List::stream).toList();
    Range around = Range.around(all, 0.08);
    return outputs.size() > 1 ? around.within(0, 1) : around;
  }

  private void panel(Canvas canvas, Effect effect, double x, double y, Range up) {
    Axes axes = new Axes(NumberLine.linear(across(effect), x, PANEL), y, HEIGHT, up);
    axes.draw(canvas, effect.column(), what, effect.numeric());
    if (!effect.numeric()) {
      names(canvas, effect, axes);
    }
    for (int output = 0; output < outputs.size(); output++) {
      Color color = Palette.of(output);
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < effect.positions().size(); i++) {
        points.add(new Point(effect.positions().get(i), effect.means().get(output).get(i)));
      }
      if (effect.numeric()) {
        axes.curve(canvas, points, color, 2, false);
      }
      double radius = effect.numeric() ? 2.5 : 4.5;
      points.forEach(
          p -> canvas.disc(axes.atX(p.x()), axes.atY(p.y()), radius, color, Color.NONE, 0));
    }
  }

  private static Range across(Effect effect) {
    return effect.numeric()
        ? Range.around(effect.positions(), 0.03)
        : new Range(-0.5, effect.positions().size() - 0.5);
  }

  /** Texts below their values, cut where there is no room; of many short ones not all. */
  private static void names(Canvas canvas, Effect effect, Axes axes) {
    double each = axes.width() / effect.labels().size();
    double longest =
        effect.labels().stream().mapToDouble(l -> Glyphs.width(l, 11, false)).max().orElse(0);
    int step = longest > SHORT ? 1 : (int) Math.ceil((longest + NAME_GAP) / each);
    double room = step * each - NAME_GAP;
    for (int i = 0; i < effect.labels().size(); i += step) {
      canvas.text(
          axes.atX(i),
          axes.y() + axes.height() + 17,
          cut(effect.labels().get(i), room),
          11,
          Anchor.MIDDLE,
          Color.INK);
    }
  }

  private static String cut(String name, double room) {
    String shorter = name;
    while (shorter.length() > 1 && Glyphs.width(shorter, 11, false) > room) {
      shorter = shorter.substring(0, shorter.length() - 2) + "…";
    }
    return shorter;
  }

  private double legend(Canvas canvas, double y, double width) {
    double x = MARGIN;
    double base = y;
    for (int output = 0; output < outputs.size(); output++) {
      String name = outputs.get(output);
      double wide = 18 + Glyphs.width(name, 12, false);
      if (x + wide > MARGIN + width) {
        x = MARGIN;
        base += 20;
      }
      canvas.disc(x + 5, base - 4, 4.5, Palette.of(output), Color.NONE, 0);
      canvas.text(x + 16, base, name, 12, Color.INK);
      x += wide + 20;
    }
    return base + 22;
  }
}
