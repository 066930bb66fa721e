package io.lockstep.report;

import io.lockstep.report.drawing.Canvas;
import io.lockstep.report.drawing.Color;
import io.lockstep.report.drawing.Mark.Anchor;
import java.util.ArrayList;
import java.util.List;

/**
 * Which colour a number has: between the colours given, at equal distances from low to high, and
 * the last ones beyond.
 *
 * @param low the number of the first colour
 * @param high the number of the last one
 * @param colors at least two
 */
record ColorScale(double low, double high, List<Color> colors) {

  private static final int SHADES = 200;

  /** Between a bar and the text at its end, which so touches no tick of the bar's last number. */
  private static final double END = 12;

  /**
   * From blue over white, which is zero, to red (ColorBrewer's RdBu).
   *
   * @param largest magnitude that is told apart, above 0
   */
  static ColorScale diverging(double largest) {
    return new ColorScale(
        -largest,
        largest,
        colors(0x1b4f93, 0x4a90c4, 0xb5d5ea, 0xffffff, 0xf9c4ad, 0xdb6b52, 0xa01228));
  }

  /** From white, which is low, to almost black, as ink on paper. */
  static ColorScale ink(double low, double high) {
    return new ColorScale(low, high, colors(0xffffff, 0x111111));
  }

  /** From white, which is zero, to orange. */
  static ColorScale warm(double high) {
    return new ColorScale(0, high, colors(0xffffff, 0xfdd49e, 0xfc8d59, 0xd7301f));
  }

  private static List<Color> colors(int... rgb) {
    List<Color> colors = new ArrayList<>();
    for (int color : rgb) {
      colors.add(Color.of(color));
    }
    return List.copyOf(colors);
  }

  /** The colour of a number. */
  Color of(double value) {
    double place = (value - low) / (high - low) * (colors.size() - 1);
    double within = Math.clamp(place, 0, colors.size() - 1);
    int below = Math.min((int) within, colors.size() - 2);
    return colors.get(below).mix(colors.get(below + 1), within - below);
  }

  /**
   * An upright bar with the colours, the highest above, and numbers to its right.
   *
   * @param open whether numbers beyond have the colours of the ends, so that these are labelled so
   */
  void bar(Canvas canvas, double x, double y, double width, double height, boolean open) {
    List<Color> shades = new ArrayList<>();
    for (int i = 0; i < SHADES; i++) {
      shades.add(of(high - (high - low) * i / (SHADES - 1)));
    }
    canvas.pixels(x, y, width, height, 1, shades);
    canvas.frame(x, y, width, height, Color.MUTED, 0.75);
    Ticks ticks = Ticks.of(low, high, 6);
    for (int i = 0; i < ticks.values().size(); i++) {
      double value = ticks.values().get(i);
      tick(canvas, x + width, y + height * (high - value) / (high - low), ticks.labels().get(i));
    }
    if (open) {
      canvas.text(
          x + width / 2, y - END, "≥ " + Numbers.digits(high), 10, Anchor.MIDDLE, Color.INK);
      canvas.text(
          x + width / 2,
          y + height + END + 8,
          "≤ " + Numbers.digits(low),
          10,
          Anchor.MIDDLE,
          Color.INK);
    }
  }

  private static void tick(Canvas canvas, double x, double y, String label) {
    canvas.line(x, y, x + 4, y, Color.MUTED, 0.75);
    canvas.text(x + 7, y + 4, label, 11, Color.INK);
  }
}
