package io.lockstep.report;

import io.lockstep.report.drawing.Canvas;
import io.lockstep.report.drawing.Color;
import io.lockstep.report.drawing.Glyphs;
import io.lockstep.report.drawing.Point;
import java.util.List;

/**
 * What the colours and lines of a chart mean.
 *
 * @param entries from left to right, and line by line
 */
record Legend(List<Entry> entries) {

  private static final double TEXT = 12;
  private static final double SIGN = 24;
  private static final double LINE = 22;

  /** What stands before a name. */
  enum Sign {
    LINE,
    DASHES,
    DOT,
    BOX
  }

  /**
   * One meaning.
   *
   * @param width of a line; of no meaning for others
   */
  record Entry(String name, Color color, Sign sign, double width) {

    private double length() {
      return SIGN + 10 + Glyphs.width(name, TEXT, false);
    }

    private void draw(Canvas canvas, double x, double y) {
      switch (sign) {
        case LINE, DASHES ->
            canvas.path(
                List.of(new Point(x, y - 4), new Point(x + SIGN, y - 4)),
                color,
                width,
                sign == Sign.DASHES);
        case DOT -> canvas.disc(x + SIGN / 2, y - 4, 5, color, Color.WHITE, 1);
        case BOX -> canvas.box(x + 8, y - 11, SIGN - 8, 13, color);
      }
      canvas.text(x + SIGN + 6, y, name, TEXT, Color.INK);
    }
  }

  /**
   * Draws it, broken into lines.
   *
   * @param y base line of the first of them
   * @return where the last of them ends
   */
  double draw(Canvas canvas, double left, double y, double right) {
    double x = left;
    double base = y;
    for (Entry entry : entries) {
      if (x + entry.length() > right && x > left) {
        x = left;
        base += LINE;
      }
      entry.draw(canvas, x, base);
      x += entry.length() + SIGN;
    }
    return base + 10;
  }
}
