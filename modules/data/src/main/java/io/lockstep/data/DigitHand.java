package io.lockstep.data;

import io.lockstep.data.DigitStyles.Stroke;

/**
 * One writing of one digit: a style, shaken control points, a slant, a turn, a size, a place, a
 * smooth warp of the paper, and a pen. Everything follows from the draws it is given. Only basic
 * arithmetic, square roots and {@link StrictMath}: the same bytes on every machine.
 */
final class DigitHand {

  private static final int SIDE = 28;
  private static final int PIECES = 6;
  private static final int WAVES = 2;

  private final Draws draws;
  private final DigitPen pen;
  private final double xx;
  private final double xy;
  private final double yx;
  private final double yy;
  private final double centreX;
  private final double centreY;
  private final double[] waves = new double[WAVES * 5];
  private final double radius;
  private final double strength;
  private final double pressure;
  private final double pressurePhase;
  private int piecesDrawn;

  DigitHand(Draws draws, DigitPen pen) {
    this.draws = draws;
    this.pen = pen;
    double angle = draws.bell(0.105);
    double slant = draws.bell(0.16) - 0.06;
    double size = draws.uniform(16, 21);
    double aspect = draws.uniform(0.65, 0.95);
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    this.xx = size * aspect * cos;
    this.xy = size * (slant * cos - sin);
    this.yx = size * aspect * sin;
    this.yy = size * (slant * sin + cos);
    this.centreX = SIDE / 2.0 + draws.bell(0.95);
    this.centreY = SIDE / 2.0 + draws.bell(0.95);
    this.radius = draws.uniform(0.55, 1.75);
    this.strength = draws.uniform(0.7, 1.05);
    this.pressure = draws.uniform(0, 0.3);
    this.pressurePhase = draws.uniform(0, 6.28);
    for (int w = 0; w < WAVES; w++) {
      waves[5 * w] = draws.uniform(-4, 4);
      waves[5 * w + 1] = draws.uniform(-4, 4);
      waves[5 * w + 2] = draws.uniform(0, 6.28);
      waves[5 * w + 3] = draws.bell(0.04);
      waves[5 * w + 4] = draws.bell(0.04);
    }
  }

  /** Writes the digit in a style of its own choice. */
  void write(int digit) {
    for (Stroke stroke : DigitStyles.strokes(digit, draws.below(DigitStyles.count(digit)))) {
      double[] points = shaken(stroke.points());
      for (int i = 0; i + 3 < points.length; i += 2) {
        if (stroke.smooth()) {
          curve(points, i);
        } else {
          straight(points[i], points[i + 1], points[i + 2], points[i + 3]);
        }
      }
    }
  }

  /** A short scratch somewhere on the paper. */
  void speck() {
    double x = draws.uniform(1, SIDE - 1);
    double y = draws.uniform(1, SIDE - 1);
    pen.line(
        x,
        y,
        x + draws.bell(1.5),
        y + draws.bell(1.5),
        draws.uniform(0.2, 0.9),
        draws.uniform(0.3, 0.9));
  }

  private double[] shaken(double[] points) {
    double[] shaken = new double[points.length];
    for (int i = 0; i < points.length; i++) {
      shaken[i] = points[i] + draws.bell(0.03);
    }
    return shaken;
  }

  private void straight(double x0, double y0, double x1, double y1) {
    for (int piece = 0; piece < PIECES; piece++) {
      double t = (double) piece / PIECES;
      double u = (double) (piece + 1) / PIECES;
      piece(x0 + t * (x1 - x0), y0 + t * (y1 - y0), x0 + u * (x1 - x0), y0 + u * (y1 - y0));
    }
  }

  /** The span from point i of a Catmull-Rom spline (Catmull, Rom 1974), its ends doubled. */
  private void curve(double[] p, int i) {
    int before = Math.max(0, i - 2);
    int after = Math.min(p.length - 2, i + 4);
    double x = p[i];
    double y = p[i + 1];
    for (int piece = 1; piece <= PIECES; piece++) {
      double t = (double) piece / PIECES;
      double nextX = spline(p[before], p[i], p[i + 2], p[after], t);
      double nextY = spline(p[before + 1], p[i + 1], p[i + 3], p[after + 1], t);
      piece(x, y, nextX, nextY);
      x = nextX;
      y = nextY;
    }
  }

  private static double spline(double a, double b, double c, double d, double t) {
    return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
  }

  private void piece(double x0, double y0, double x1, double y1) {
    double width = radius * (1 + pressure * StrictMath.sin(0.35 * piecesDrawn++ + pressurePhase));
    double fromX = x0 + wave(x0, y0, 3);
    double fromY = y0 + wave(x0, y0, 4);
    double toX = x1 + wave(x1, y1, 3);
    double toY = y1 + wave(x1, y1, 4);
    pen.line(
        pixelX(fromX, fromY),
        pixelY(fromX, fromY),
        pixelX(toX, toY),
        pixelY(toX, toY),
        width,
        strength);
  }

  private double wave(double x, double y, int amplitude) {
    double sum = 0;
    for (int w = 0; w < waves.length; w += 5) {
      sum += waves[w + amplitude] * StrictMath.sin(waves[w] * x + waves[w + 1] * y + waves[w + 2]);
    }
    return sum;
  }

  private double pixelX(double x, double y) {
    return centreX + xx * (x - 0.5) - xy * (y - 0.5);
  }

  private double pixelY(double x, double y) {
    return centreY + yx * (x - 0.5) + yy * (y - 0.5);
  }
}
