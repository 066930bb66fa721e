package io.lockstep.report;

import io.lockstep.report.drawing.Canvas;

/** A chart that stands alone, or beside others in one picture. */
public interface Panel {

  /** Of all that it draws. */
  double width();

  /**
   * Draws it with its upper left corner at (x, y).
   *
   * @return where its lower edge is
   */
  double draw(Canvas canvas, double x, double y);
}
