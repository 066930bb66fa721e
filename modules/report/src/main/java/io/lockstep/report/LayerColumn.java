package io.lockstep.report;

import io.lockstep.report.Signals.LayerSignal;
import io.lockstep.report.drawing.Canvas;
import io.lockstep.report.drawing.Color;
import io.lockstep.report.drawing.Glyphs;
import io.lockstep.report.drawing.Mark.Anchor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The column of a layer in an {@link ActivationsPicture}: its strongest units one below the other,
 * and below them all units as small squares.
 *
 * @param x its middle
 * @param units that are drawn one by one
 * @param ys their middles
 * @param radius of each
 */
record LayerColumn(double x, int[] units, List<Double> ys, double radius) {

  static final double TOP = 128;
  static final double HEIGHT = 560;

  /** How all units of a layer are arranged below its column. */
  private record Grid(int across, int lines, double side) {

    static final double TOP_EDGE = TOP + HEIGHT + 14;

    static Grid of(int units) {
      int across = Math.clamp((int) Math.ceil(Math.sqrt(units * 2.0)), 8, 64);
      int lines = Math.ceilDiv(units, across);
      return new Grid(across, lines, Math.min(8, Math.min(130.0 / across, 80.0 / lines)));
    }

    /** The base line of the text below. */
    double bottom() {
      return TOP_EDGE + lines * side + 14;
    }
  }

  double yOf(int unit) {
    return ys.get(
        IntStream.range(0, units.length).filter(i -> units[i] == unit).findFirst().orElseThrow());
  }

  /** The base line of the lowest text of a layer of so many units. */
  static double bottom(int units) {
    return Grid.of(units).bottom();
  }

  static void heading(Canvas canvas, double middle, double y, String name, String detail) {
    canvas.bold(middle, y, name, 13, Anchor.MIDDLE, Color.INK);
    canvas.text(middle, y + 16, detail, 11, Anchor.MIDDLE, Color.MUTED);
  }

  /** Draws the layer: what it is, its strongest units, and all. */
  void draw(Canvas canvas, LayerSignal signal) {
    float[] outputs = signal.outputs();
    ColorScale scale = scale(outputs);
    long active = IntStream.range(0, outputs.length).filter(i -> outputs[i] != 0).count();
    heading(canvas, x, TOP - 52, signal.name(), signal.detail());
    if (active < outputs.length) { // Logistic units always are.
      canvas.text(
          x,
          TOP - 20,
          "%d of %d units active".formatted(active, outputs.length),
          11,
          Anchor.MIDDLE,
          Color.MUTED);
    }
    for (int i = 0; i < units.length; i++) {
      int unit = units[i];
      canvas.disc(x, ys.get(i), radius, scale.of(outputs[unit]), Color.MUTED, 1);
      label(
          canvas,
          x,
          ys.get(i) + radius + 10,
          "#%d: %s".formatted(unit, Numbers.orAlmostZero(outputs[unit], scale.high())));
    }
    all(canvas, outputs, scale);
  }

  /** Readable above lines. */
  private static void label(Canvas canvas, double x, double y, String text) {
    double width = Glyphs.width(text, 9, false) + 4;
    canvas.box(x - width / 2, y - 8, width, 10, Color.WHITE.withOpacity(0.8));
    canvas.text(x, y, text, 9, Anchor.MIDDLE, Color.INK);
  }

  /** From white, zero, to dark; with blue for what is negative. */
  private static ColorScale scale(float[] outputs) {
    double largest = 0;
    boolean negative = false;
    for (float output : outputs) {
      largest = Math.max(largest, Math.abs(output));
      negative |= output < 0;
    }
    double most = largest > 0 ? largest : 1;
    return negative ? ColorScale.diverging(most) : ColorScale.ink(0, most);
  }

  /** All units as small squares. */
  private void all(Canvas canvas, float[] outputs, ColorScale scale) {
    Grid grid = Grid.of(outputs.length);
    List<Color> colors = new ArrayList<>();
    for (int i = 0; i < grid.across() * grid.lines(); i++) {
      colors.add(i < outputs.length ? scale.of(outputs[i]) : Color.GRID);
    }
    double width = grid.across() * grid.side();
    double height = grid.lines() * grid.side();
    double left = x - width / 2;
    canvas.pixels(left, Grid.TOP_EDGE, width, height, grid.across(), colors);
    canvas.frame(left, Grid.TOP_EDGE, width, height, Color.MUTED, 0.75);
    canvas.text(
        x, grid.bottom(), "all %d units".formatted(outputs.length), 10, Anchor.MIDDLE, Color.MUTED);
  }
}
