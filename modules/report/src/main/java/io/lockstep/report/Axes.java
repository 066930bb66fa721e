package io.lockstep.report;

import io.lockstep.report.drawing.Canvas;
import io.lockstep.report.drawing.Color;
import io.lockstep.report.drawing.Glyphs;
import io.lockstep.report.drawing.Mark.Anchor;
import io.lockstep.report.drawing.Point;
import java.util.ArrayList;
import java.util.List;

/**
 * A chart's frame with two axes: where a pair of numbers is in a drawing.
 *
 * @param across the numbers from its left to its right edge, and where these are in the drawing
 * @param y upper edge
 * @param height of the frame
 * @param up what is at the lower and the upper edge
 */
record Axes(NumberLine across, double y, double height, Range up) {

  private static final double TICK_GAP = 6;

  /** From the frame to the name of its upright axis; more where numbers are long. */
  private static final double NAME_GAP = 48;

  private static final int LEAST_ROWS = 3;

  /**
   * An interval of numbers.
   *
   * @param high above low
   */
  record Range(double low, double high) {

    /**
     * The range of the numbers, wider by a share of itself at both ends; of one number alone, some
     * range around it.
     */
    static Range around(List<Double> numbers, double share) {
      double low = numbers.stream().mapToDouble(Double::doubleValue).min().orElse(0);
      double high = numbers.stream().mapToDouble(Double::doubleValue).max().orElse(1);
      double more = high > low ? share * (high - low) : Math.max(Math.abs(high) * 0.1, 0.01);
      return new Range(low - more, high + more);
    }

    /** The same, cut to what numbers can be. */
    Range within(double least, double most) {
      return new Range(Math.max(low, least), Math.min(high, most));
    }
  }

  double atX(double value) {
    return across.at(value);
  }

  double x() {
    return across.x();
  }

  double width() {
    return across.width();
  }

  double atY(double value) {
    return y + height * (up.high - value) / (up.high - up.low);
  }

  /** Grid, ticks with numbers, and the names of the axes; numbers across only if asked for. */
  void draw(Canvas canvas, String acrossName, String upName, boolean numbersAcross) {
    double x = x();
    double width = width();
    canvas.box(x, y, width, height, Color.WHITE);
    Ticks rows = Ticks.atLeast(LEAST_ROWS, up.low, up.high, (int) Math.clamp(height / 32, 3, 9));
    double longest = 0;
    for (int i = 0; i < rows.values().size(); i++) {
      double at = atY(rows.values().get(i));
      canvas.line(x, at, x + width, at, Color.GRID, 1);
      longest = Math.max(longest, Glyphs.width(rows.labels().get(i), Ticks.TEXT, false));
      canvas.text(x - TICK_GAP, at + 4, rows.labels().get(i), Ticks.TEXT, Anchor.END, Color.INK);
    }
    if (numbersAcross) {
      numbersAcross(canvas);
    }
    canvas.frame(x, y, width, height, Color.MUTED, 1);
    canvas.text(x + width / 2, y + height + 34, acrossName, 12, Anchor.MIDDLE, Color.INK);
    double nameX = x - Math.max(NAME_GAP, TICK_GAP + longest + 8);
    canvas.upwards(nameX, y + height / 2, upName, 12, Color.INK);
  }

  private void numbersAcross(Canvas canvas) {
    Ticks columns = across.ticks();
    for (int i = 0; i < columns.values().size(); i++) {
      double at = atX(columns.values().get(i));
      canvas.line(at, y, at, y + height, Color.GRID, 1);
      canvas.line(at, y + height, at, y + height + 4, Color.MUTED, 1);
      canvas.text(
          at, y + height + 17, columns.labels().get(i), Ticks.TEXT, Anchor.MIDDLE, Color.INK);
    }
  }

  /** A line through points whose numbers are finite; it is cut at the frame's edges. */
  void curve(Canvas canvas, List<Point> numbers, Color color, double lineWidth, boolean dashed) {
    List<Point> line = new ArrayList<>();
    for (Point number : numbers) {
      double at = atX(number.x());
      if (Double.isFinite(number.y()) && Double.isFinite(at)) {
        line.add(new Point(at, atY(Math.clamp(number.y(), up.low, up.high))));
      }
    }
    canvas.path(line, color, lineWidth, dashed);
  }
}
