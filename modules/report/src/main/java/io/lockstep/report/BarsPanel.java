package io.lockstep.report;

import io.lockstep.report.Axes.Range;
import io.lockstep.report.Legend.Entry;
import io.lockstep.report.Legend.Sign;
import io.lockstep.report.drawing.Canvas;
import io.lockstep.report.drawing.Color;
import io.lockstep.report.drawing.Glyphs;
import io.lockstep.report.drawing.Mark.Anchor;
import java.util.List;

/**
 * What wholes are made of: a bar for each, below one another, of a piece for each part, which go on
 * from left to right.
 *
 * @param title above it
 * @param across below its numbers: what they are, and their unit
 * @param parts in the order of the pieces
 * @param bars from top to bottom, at least one
 */
public record BarsPanel(String title, String across, List<Part> parts, List<Bar> bars)
    implements Panel {

  private static final double TEXT = 11;
  private static final double PLOT = 400;
  static final double HEAD = 28;
  static final double LINE = 34;
  static final double BAR = 22;
  private static final double GAP = 10;

  /** Right of the longest bar there is room for its total. */
  private static final double HEADROOM = 1.16;

  /** A part of every bar. */
  public record Part(String name, Color color) {}

  /**
   * A bar.
   *
   * @param values one for each part, none below 0
   */
  public record Bar(String name, List<Double> values) {

    private double total() {
      return values.stream().mapToDouble(Double::doubleValue).sum();
    }
  }

  @Override
  public double width() {
    return names() + PLOT;
  }

  private double names() {
    double longest =
        bars.stream().mapToDouble(bar -> Glyphs.width(bar.name(), 12, false)).max().orElse(0);
    return longest + GAP;
  }

  @Override
  public double draw(Canvas canvas, double x, double y) {
    canvas.bold(x, y + 14, title, 13, Anchor.START, Color.INK);
    double left = x + names();
    double top = y + HEAD;
    double bottom = top + bars.size() * LINE;
    double most = bars.stream().mapToDouble(Bar::total).max().orElse(0);
    Range range = new Range(0, most > 0 ? HEADROOM * most : 1);
    NumberLine line = NumberLine.linear(range, left, PLOT);
    frame(canvas, line, top, bottom);
    for (int i = 0; i < bars.size(); i++) {
      draw(canvas, line, bars.get(i), top + (i + 0.5) * LINE);
    }
    List<Entry> legend =
        parts.stream().map(p -> new Entry(p.name(), p.color(), Sign.BOX, 0)).toList();
    return new Legend(legend).draw(canvas, left, bottom + 60, x + width());
  }

  private void frame(Canvas canvas, NumberLine line, double top, double bottom) {
    canvas.box(line.x(), top, PLOT, bottom - top, Color.WHITE);
    Ticks ticks = line.ticks();
    for (int i = 0; i < ticks.values().size(); i++) {
      double at = line.at(ticks.values().get(i));
      canvas.line(at, top, at, bottom, Color.GRID, 1);
      canvas.text(at, bottom + 17, ticks.labels().get(i), TEXT, Anchor.MIDDLE, Color.INK);
    }
    canvas.frame(line.x(), top, PLOT, bottom - top, Color.MUTED, 1);
    canvas.text(line.x() + PLOT / 2, bottom + 36, across, 12, Anchor.MIDDLE, Color.INK);
  }

  private void draw(Canvas canvas, NumberLine line, Bar bar, double middle) {
    canvas.text(line.x() - GAP, middle + 4, bar.name(), 12, Anchor.END, Color.INK);
    double from = 0;
    for (int i = 0; i < parts.size(); i++) {
      double value = bar.values().get(i);
      piece(canvas, line.at(from), line.at(from + value), middle, parts.get(i).color(), value);
      from += value;
    }
    canvas.bold(line.at(from) + 6, middle + 4, Numbers.digits(from), TEXT, Anchor.START, Color.INK);
  }

  /** Its number is written in it where there is room. */
  private static void piece(
      Canvas canvas, double left, double right, double middle, Color color, double value) {
    if (right <= left) {
      return;
    }
    canvas.box(left, middle - BAR / 2, right - left, BAR, color);
    String text = Numbers.digits(value);
    if (Glyphs.width(text, TEXT, false) + 6 <= right - left) {
      Color ink = color.isLight() ? Color.INK : Color.WHITE;
      canvas.text((left + right) / 2, middle + 4, text, TEXT, Anchor.MIDDLE, ink);
    }
  }
}
