package io.lockstep.data;

/**
 * Draws lines with a round pen onto a grey image, smoothed at the edges: a pixel's ink is r + 1/2 −
 * d, at least 0 and at most 1, with d its centre's distance to the line and r half the pen's width.
 * Confined to one thread.
 */
final class DigitPen {

  private final int side;
  private final double[] ink;

  DigitPen(int side) {
    this.side = side;
    this.ink = new double[side * side];
  }

  /** Ink of each pixel, in [0, 1]. */
  double[] ink() {
    return ink;
  }

  void clear() {
    java.util.Arrays.fill(ink, 0);
  }

  /** A line from (x0, y0) to (x1, y1), in pixels; where lines meet, the stronger ink stays. */
  void line(double x0, double y0, double x1, double y1, double radius, double strength) {
    double reach = radius + 0.5;
    int left = (int) Math.max(0, Math.min(x0, x1) - reach);
    int right = (int) Math.min(side - 1, Math.max(x0, x1) + reach);
    int top = (int) Math.max(0, Math.min(y0, y1) - reach);
    int bottom = (int) Math.min(side - 1, Math.max(y0, y1) + reach);
    for (int y = top; y <= bottom; y++) {
      for (int x = left; x <= right; x++) {
        double distance = distance(x + 0.5, y + 0.5, x0, y0, x1, y1);
        double covered = strength * Math.min(1, reach - distance);
        if (covered > ink[y * side + x]) {
          ink[y * side + x] = covered;
        }
      }
    }
  }

  private static double distance(double x, double y, double x0, double y0, double x1, double y1) {
    double dx = x1 - x0;
    double dy = y1 - y0;
    double length2 = dx * dx + dy * dy;
    double t = length2 > 0 ? ((x - x0) * dx + (y - y0) * dy) / length2 : 0;
    t = Math.max(0, Math.min(1, t));
    double ex = x - x0 - t * dx;
    double ey = y - y0 - t * dy;
    return Math.sqrt(ex * ex + ey * ey);
  }
}
