package io.lockstep.report;

import io.lockstep.report.drawing.Canvas;
import io.lockstep.report.drawing.Color;
import io.lockstep.report.drawing.Mark.Anchor;
import io.lockstep.report.drawing.Point;
import java.util.ArrayList;
import java.util.List;

/**
 * A chart's frame with two axes: where a pair of numbers is in a drawing.
 *
 * @param x left edge in the drawing
 * @param y upper edge
 * @param width of the frame
 * @param height of the frame
 * @param across what is at the left and the right edge
 * @param up what is at the lower and the upper edge
 */
record Axes(double x, double y, double width, double height, Range across, Range up) {

  private static final double TICK_TEXT = 11;

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
    return x + width * (value - across.low) / (across.high - across.low);
  }

  double atY(double value) {
    return y + height * (up.high - value) / (up.high - up.low);
  }

  /** Grid, ticks with numbers, and the names of the axes; numbers across only if asked for. */
  void draw(Canvas canvas, String acrossName, String upName, boolean numbersAcross) {
    canvas.box(x, y, width, height, Color.WHITE);
    Ticks rows = Ticks.of(up.low, up.high, (int) Math.clamp(height / 32, 3, 9));
    for (int i = 0; i < rows.values().size(); i++) {
      double at = atY(rows.values().get(i));
      canvas.line(x, at, x + width, at, Color.GRID, 1);
      canvas.text(x - 6, at + 4, rows.labels().get(i), TICK_TEXT, Anchor.END, Color.INK);
    }
    if (numbersAcross) {
      numbersAcross(canvas);
    }
    canvas.frame(x, y, width, height, Color.MUTED, 1);
    canvas.text(x + width / 2, y + height + 34, acrossName, 12, Anchor.MIDDLE, Color.INK);
    canvas.upwards(x - 48, y + height / 2, upName, 12, Color.INK);
  }

  private void numbersAcross(Canvas canvas) {
    Ticks columns = Ticks.of(across.low, across.high, (int) Math.clamp(width / 55, 3, 10));
    for (int i = 0; i < columns.values().size(); i++) {
      double at = atX(columns.values().get(i));
      canvas.line(at, y, at, y + height, Color.GRID, 1);
      canvas.line(at, y + height, at, y + height + 4, Color.MUTED, 1);
      canvas.text(
          at, y + height + 17, columns.labels().get(i), TICK_TEXT, Anchor.MIDDLE, Color.INK);
    }
  }

  /** A line through points whose numbers are finite; it is cut at the frame's edges. */
  void curve(Canvas canvas, List<Point> numbers, Color color, double lineWidth, boolean dashed) {
    List<Point> line = new ArrayList<>();
    for (Point number : numbers) {
      if (Double.isFinite(number.y())) {
        double inside = Math.clamp(number.y(), up.low, up.high);
        line.add(new Point(atX(number.x()), atY(inside)));
      }
    }
    canvas.path(line, color, lineWidth, dashed);
  }
}
