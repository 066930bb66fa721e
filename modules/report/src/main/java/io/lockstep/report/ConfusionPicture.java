package io.lockstep.report;

import io.lockstep.report.ConfusionMatrix.Mistake;
import io.lockstep.report.drawing.Canvas;
import io.lockstep.report.drawing.Color;
import io.lockstep.report.drawing.Drawing;
import io.lockstep.report.drawing.Glyphs;
import io.lockstep.report.drawing.Mark.Anchor;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A confusion matrix: a line for each true class, a column for each predicted one, counts and rates
 * in the cells. Right ones are green and mistakes have colours of their own: beside 98 % of a
 * class, 1 % would not be seen.
 *
 * @param title of the picture
 * @param matrix what is shown
 */
public record ConfusionPicture(String title, ConfusionMatrix matrix) {

  private static final Color RIGHT = Color.of(0xcfe8cf);
  private static final String EXPLANATION =
      "In each cell: how many rows of the true class (line) were taken for the predicted one (column), and their share of the line.";
  private static final int MISTAKES_NAMED = 5;
  private static final double TOP = 120;
  private static final double MARGIN = 24;
  private static final double SUMS = 70;

  /** Of few classes, so that titles and counts have room beside them. */
  private static final double LEAST_SIDE = 220;

  /** From the upper edge of the matrix to below the legend. */
  private static final double LEGEND = 330;

  /** The picture. */
  public Drawing draw() {
    Canvas canvas = new Canvas();
    double names = Math.max(46 + longestName(), 108);
    double cell = cell();
    double side = cell * matrix.classes();
    ColorScale scale = ColorScale.warm(largestError());
    canvas.bold(MARGIN, 34, title, 17, Anchor.START, Color.INK);
    canvas.text(MARGIN, 56, subtitle(), 12, Color.MUTED);
    double x = MARGIN + names;
    canvas.text(x + side / 2, TOP - 30, "predicted class", 13, Anchor.MIDDLE, Color.INK);
    canvas.upwards(MARGIN + 14, TOP + side / 2, "true class", 13, Color.INK);
    for (int c = 0; c < matrix.classes(); c++) {
      String name = matrix.names().get(c);
      canvas.bold(x + (c + 0.5) * cell, TOP - 9, name, 13, Anchor.MIDDLE, Color.INK);
      canvas.bold(x - 10, TOP + (c + 0.5) * cell + 5, name, 13, Anchor.END, Color.INK);
      for (int p = 0; p < matrix.classes(); p++) {
        drawCell(canvas, c, p, scale, x + p * cell, TOP + c * cell, cell);
      }
    }
    canvas.frame(x, TOP, side, side, Color.MUTED, 1);
    margins(canvas, x, side, cell);
    double legend = x + side + SUMS + 26;
    legend(canvas, scale, legend);
    double right = Math.max(legend + 166, MARGIN + Glyphs.width(title, 17, true));
    double end = footer(canvas, TOP + Math.max(side + 66, LEGEND), right - MARGIN);
    return canvas.toDrawing(right + MARGIN, end + 4);
  }

  private double longestName() {
    return matrix.names().stream().mapToDouble(n -> Glyphs.width(n, 13, true)).max().orElse(0);
  }

  /** Wide enough for the names above it. */
  private double cell() {
    double least = Math.max(matrix.classes() > 20 ? 40 : 58, LEAST_SIDE / matrix.classes());
    return Math.max(Math.min(longestName() + 10, 160), least);
  }

  private String subtitle() {
    return "%s rows, %s of them right"
        .formatted(Numbers.count(matrix.rows()), Numbers.percent(matrix.accuracy()));
  }

  private double largestError() {
    double largest = 0;
    for (int a = 0; a < matrix.classes(); a++) {
      for (int p = 0; p < matrix.classes(); p++) {
        if (a != p && matrix.rowsOf(a) > 0) {
          largest = Math.max(largest, matrix.rate(a, p));
        }
      }
    }
    return largest > 0 ? largest : 0.01;
  }

  private void drawCell(
      Canvas canvas, int actual, int predicted, ColorScale scale, double x, double y, double cell) {
    long count = matrix.counts()[actual][predicted];
    double rate = matrix.rowsOf(actual) == 0 ? 0 : matrix.rate(actual, predicted);
    Color fill = actual == predicted ? RIGHT : scale.of(rate);
    canvas.box(x, y, cell, cell, fill);
    canvas.frame(x, y, cell, cell, Color.GRID, 0.75);
    if (count == 0) {
      canvas.text(x + cell / 2, y + cell / 2 + 4, "·", 12, Anchor.MIDDLE, Color.MUTED);
      return;
    }
    Color text = fill.isLight() ? Color.INK : Color.WHITE;
    double middle = y + cell / 2;
    canvas.bold(x + cell / 2, middle, Numbers.count(count), 13, Anchor.MIDDLE, text);
    canvas.text(x + cell / 2, middle + 15, Numbers.percent(rate), 9.5, Anchor.MIDDLE, text);
  }

  private void margins(Canvas canvas, double x, double side, double cell) {
    double right = x + side + 12;
    canvas.text(right, TOP - 22, "rows of the class,", 10.5, Color.MUTED);
    canvas.text(right, TOP - 9, "found (recall)", 10.5, Color.MUTED);
    double below = TOP + side;
    canvas.text(x - 10, below + 20, "taken for it", 10.5, Anchor.END, Color.MUTED);
    canvas.text(x - 10, below + 35, "right (precision)", 10.5, Anchor.END, Color.MUTED);
    for (int c = 0; c < matrix.classes(); c++) {
      double middle = TOP + (c + 0.5) * cell;
      canvas.text(right, middle, Numbers.count(matrix.rowsOf(c)), 11, Color.INK);
      canvas.text(right, middle + 15, rate(matrix.recall(c)), 11, Color.INK);
      double at = x + (c + 0.5) * cell;
      String taken = Numbers.count(matrix.rowsTakenFor(c));
      canvas.text(at, below + 20, taken, 11, Anchor.MIDDLE, Color.INK);
      canvas.text(at, below + 35, rate(matrix.precision(c)), 11, Anchor.MIDDLE, Color.INK);
    }
  }

  private static String rate(double share) {
    return Double.isNaN(share) ? "–" : Numbers.percent(share);
  }

  private static void legend(Canvas canvas, ColorScale scale, double x) {
    canvas.bold(x, TOP + 12, "Colours", 12, Anchor.START, Color.INK);
    canvas.box(x, TOP + 26, 18, 18, RIGHT);
    canvas.frame(x, TOP + 26, 18, 18, Color.MUTED, 0.75);
    canvas.text(x + 26, TOP + 39, "right", 11, Color.INK);
    double next =
        canvas.paragraph(x, TOP + 70, 160, "mistakes, in % of the true class:", 11, Color.INK);
    ColorScale percent = new ColorScale(0, 100 * scale.high(), scale.colors());
    percent.bar(canvas, x, next + 4, 18, 170, false);
  }

  private double footer(Canvas canvas, double y, double width) {
    List<Mistake> mistakes = matrix.mistakes();
    String text =
        mistakes.isEmpty()
            ? "No row was mistaken."
            : "Most frequent mistakes: "
                + mistakes.stream()
                    .limit(MISTAKES_NAMED)
                    .map(m -> "%s taken for %s (%d)".formatted(m.actual(), m.predicted(), m.rows()))
                    .collect(Collectors.joining(", "))
                + ".";
    double next = canvas.paragraph(MARGIN, y, width, text, 12, Color.INK);
    return canvas.paragraph(MARGIN, next + 4, width, EXPLANATION, 12, Color.MUTED);
  }
}
