package io.lockstep.report;

import io.lockstep.report.drawing.Canvas;
import io.lockstep.report.drawing.Color;
import io.lockstep.report.drawing.Drawing;
import io.lockstep.report.drawing.Glyphs;
import io.lockstep.report.drawing.Mark.Anchor;
import java.util.List;

/**
 * Charts beside each other.
 *
 * @param title of the picture; empty for none
 * @param explanation how to read it; empty for none
 * @param panels at least one
 */
public record PanelsPicture(String title, String explanation, List<? extends Panel> panels) {

  private static final double MARGIN = 24;
  private static final double GAP = 36;

  /** One chart, where all about it is said beside the picture. */
  public static PanelsPicture of(Panel panel) {
    return new PanelsPicture("", "", List.of(panel));
  }

  /** The picture. */
  public Drawing draw() {
    Canvas canvas = new Canvas();
    double wide = panels.stream().mapToDouble(Panel::width).sum() + GAP * (panels.size() - 1);
    double width = Math.max(wide, Glyphs.width(title, 17, true));
    double top = heading(canvas, width);
    double x = MARGIN;
    double bottom = top;
    for (Panel panel : panels) {
      bottom = Math.max(bottom, panel.draw(canvas, x, top));
      x += panel.width() + GAP;
    }
    return canvas.toDrawing(width + 2 * MARGIN, bottom + 10);
  }

  /** Returns where the charts begin. */
  private double heading(Canvas canvas, double width) {
    double y = MARGIN / 2;
    if (!title.isEmpty()) {
      canvas.bold(MARGIN, 34, title, 17, Anchor.START, Color.INK);
      y = 56;
    }
    return explanation.isEmpty()
        ? y
        : canvas.paragraph(MARGIN, y, width, explanation, 12, Color.MUTED) + 6;
  }
}
