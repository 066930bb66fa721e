package io.lockstep.report;

import io.lockstep.model.Calibration;
import io.lockstep.model.Calibration.Bin;
import io.lockstep.report.Axes.Range;
import io.lockstep.report.drawing.Canvas;
import io.lockstep.report.drawing.Color;
import io.lockstep.report.drawing.Drawing;
import io.lockstep.report.drawing.Mark.Anchor;
import io.lockstep.report.drawing.Point;
import java.util.List;

/**
 * A reliability diagram: how often what was predicted with some probability was the case, and below
 * it how many rows had that probability.
 *
 * @param title of the picture
 * @param calibration what is shown
 */
public record CalibrationPicture(String title, Calibration calibration) {

  private static final Color LINE = Color.of(0x0072b2);
  private static final Color BARS = Color.of(0x9ecae1);
  private static final double MARGIN = 24;
  private static final double LEFT = MARGIN + 62;
  private static final double SIDE = 380;
  private static final double COUNTS = 100;
  private static final String EXPLANATION =
      "Each point: the rows of one bin of predicted probabilities. Above the dashed line, more of them are of the class than was predicted; below it, fewer.";

  /** The picture. */
  public Drawing draw() {
    Canvas canvas = new Canvas();
    canvas.bold(MARGIN, 34, title, 17, Anchor.START, Color.INK);
    double top = canvas.paragraph(MARGIN, 56, LEFT + SIDE - MARGIN, subtitle(), 12, Color.MUTED);
    Range share = new Range(0, 1);
    Axes axes = new Axes(NumberLine.linear(share, LEFT, SIDE), top + 8, SIDE, share);
    axes.draw(canvas, "", observedName(), true);
    axes.curve(canvas, List.of(new Point(0, 0), new Point(1, 1)), Color.MUTED, 1.5, true);
    List<Bin> filled = calibration.bins().stream().filter(bin -> bin.rows() > 0).toList();
    List<Point> points =
        filled.stream().map(bin -> new Point(bin.predicted(), bin.observed())).toList();
    axes.curve(canvas, points, LINE, 2, false);
    points.forEach(p -> canvas.disc(axes.atX(p.x()), axes.atY(p.y()), 4, LINE, Color.NONE, 0));
    double bottom = top + SIDE + 44;
    counts(canvas, filled, bottom);
    double end =
        canvas.paragraph(
            MARGIN, bottom + COUNTS + 62, LEFT + SIDE - MARGIN, EXPLANATION, 12, Color.MUTED);
    return canvas.toDrawing(LEFT + SIDE + MARGIN, end + 4);
  }

  private String of() {
    return calibration.of() == null ? "the predicted class" : calibration.of();
  }

  private String observedName() {
    return calibration.of() == null
        ? "share of rows that are right"
        : "share of rows that are " + of();
  }

  private String subtitle() {
    long rows = calibration.bins().stream().mapToLong(Bin::rows).sum();
    return "%s rows, expected calibration error %s"
        .formatted(Numbers.count(rows), Numbers.digits(calibration.expectedError()));
  }

  private void counts(Canvas canvas, List<Bin> filled, double y) {
    long most = filled.stream().mapToLong(Bin::rows).max().orElse(1);
    NumberLine across = NumberLine.linear(new Range(0, 1), LEFT, SIDE);
    Axes axes = new Axes(across, y, COUNTS, new Range(0, 1.05 * most));
    axes.draw(canvas, "predicted probability of " + of(), "rows", true);
    for (Bin bin : filled) {
      double x = axes.atX(bin.low()) + 1;
      double upper = axes.atY((double) bin.rows());
      canvas.box(x, upper, axes.atX(bin.high()) - 1 - x, axes.y() + COUNTS - upper, BARS);
    }
  }
}
