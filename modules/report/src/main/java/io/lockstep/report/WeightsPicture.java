package io.lockstep.report;

import io.lockstep.data.ImageShape;
import io.lockstep.report.drawing.Canvas;
import io.lockstep.report.drawing.Color;
import io.lockstep.report.drawing.Drawing;
import io.lockstep.report.drawing.Glyphs;
import io.lockstep.report.drawing.Mark.Anchor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The weights from the pixels of an image into each unit, as an image.
 *
 * @param title of the picture
 * @param units in the order in which they are shown
 * @param total number of the layer's units, of which some may be left out
 * @param shape of the images
 * @param live for each pixel, whether it is more than blank in any training row; others have
 *     weights that nothing was learned about, and are shown as grey
 * @param activity what the number below each image is
 */
public record WeightsPicture(
    String title, List<Unit> units, int total, ImageShape shape, boolean[] live, String activity) {

  /** More would be too small, or too many, to look at. */
  public static final int MOST_UNITS = 100;

  /** So many of the weights of live pixels are told apart; the few beyond would pale the others. */
  private static final double SHARE_IN_SCALE = 0.99;

  private static final Color DEAD = Color.of(0xe4e4e4);
  private static final double GAP = 12;
  private static final double MARGIN = 24;
  private static final double LEGEND = 200;
  private static final double LABEL = 18;

  /**
   * A unit.
   *
   * @param name for instance its number
   * @param activity mean of its output's magnitude
   * @param weights [pixels] line by line
   */
  public record Unit(String name, double activity, float[] weights) {}

  /** The most active units, in the order of their activity; of equals the earlier first. */
  public static List<Unit> mostActiveFirst(List<Unit> units) {
    return units.stream()
        .sorted(Comparator.comparingDouble(Unit::activity).reversed())
        .limit(MOST_UNITS)
        .toList();
  }

  /** The picture. */
  public Drawing draw() {
    int columns = columns();
    double tile = tile();
    double width = columns * (tile + GAP) - GAP;
    int lines = Math.ceilDiv(units.size(), columns);
    double top = 76;
    double height = Math.max(lines * (tile + LABEL + GAP) - GAP, 330);
    ColorScale scale = ColorScale.diverging(largest());
    Canvas canvas = new Canvas();
    canvas.bold(MARGIN, 34, title, 17, Anchor.START, Color.INK);
    canvas.text(MARGIN, 56, subtitle(), 12, Color.MUTED);
    for (int i = 0; i < units.size(); i++) {
      double x = MARGIN + i % columns * (tile + GAP);
      double y = top + i / columns * (tile + LABEL + GAP);
      drawUnit(canvas, units.get(i), scale, x, y, tile);
    }
    legend(canvas, scale, MARGIN + width + 30, top);
    double textEnd =
        24 + MARGIN + Math.max(Glyphs.width(title, 17, true), Glyphs.width(subtitle(), 12, false));
    return canvas.toDrawing(
        Math.max(MARGIN + width + 30 + LEGEND + MARGIN, textEnd), top + height + MARGIN);
  }

  private String subtitle() {
    String which =
        units.size() < total
            ? "the %d most active of %d units".formatted(units.size(), total)
            : "%d units".formatted(total);
    return "Each square: the weights from the %s pixels into one unit; %s. Below: its name, %s."
        .formatted(shape.toString().replace('x', '×'), which, activity);
  }

  /** Wider than high, with as few places left over as can be. */
  private int columns() {
    int wide = (int) Math.ceil(Math.sqrt(units.size() * 2.0));
    int most = Math.max(5, 1100 / (int) (tile() + GAP));
    int best = Math.clamp(wide, 1, most);
    int least = Math.max(1, best * 3 / 4);
    for (int columns = most; columns >= least; columns--) {
      best = empty(columns) < empty(best) ? columns : best;
    }
    return best;
  }

  /** Places of the last line that are left over. */
  private int empty(int columns) {
    return Math.ceilDiv(units.size(), columns) * columns - units.size();
  }

  private double tile() {
    int count = units.size();
    int pixel = count <= 20 ? 4 : 3;
    int longer = Math.max(shape.width(), shape.height());
    return Math.clamp((long) pixel * longer, 56, 120);
  }

  private void drawUnit(
      Canvas canvas, Unit unit, ColorScale scale, double x, double y, double tile) {
    double longer = Math.max(shape.width(), shape.height());
    double width = tile * shape.width() / longer;
    double height = tile * shape.height() / longer;
    canvas.pixels(x, y, width, height, shape.width(), colors(unit, scale));
    canvas.frame(x, y, width, height, Color.of(0xaaaaaa), 0.75);
    canvas.bold(x, y + tile + 13, unit.name(), 10, Anchor.START, Color.INK);
    canvas.text(
        x + width, y + tile + 13, Numbers.brief(unit.activity()), 10, Anchor.END, Color.MUTED);
  }

  private List<Color> colors(Unit unit, ColorScale scale) {
    List<Color> colors = new ArrayList<>();
    for (int pixel = 0; pixel < unit.weights().length; pixel++) {
      colors.add(live[pixel] ? scale.of(unit.weights()[pixel]) : DEAD);
    }
    return colors;
  }

  /** The largest magnitude that is told apart. */
  private double largest() {
    double[] sizes =
        units.stream()
            .flatMapToDouble(
                unit ->
                    IntStream.range(0, live.length)
                        .filter(pixel -> live[pixel])
                        .mapToDouble(pixel -> Math.abs(unit.weights()[pixel])))
            .sorted()
            .toArray();
    double largest =
        sizes.length == 0 ? 0 : sizes[(int) Math.ceil(SHARE_IN_SCALE * sizes.length) - 1];
    return largest > 0 ? largest : 1;
  }

  private static void legend(Canvas canvas, ColorScale scale, double x, double top) {
    double height = 190;
    canvas.bold(x, top + 12, "Weight", 12, Anchor.START, Color.INK);
    scale.bar(canvas, x + 22, top + 46, 18, height, true);
    double y = top + 46 + height + 48;
    swatch(canvas, x, y, scale.of(scale.high() * 0.7));
    y = canvas.paragraph(x + 20, y, LEGEND - 20, "red: ink here excites the unit", 11, Color.INK);
    swatch(canvas, x, y, scale.of(scale.low() * 0.7));
    y = canvas.paragraph(x + 20, y, LEGEND - 20, "blue: ink here inhibits it", 11, Color.INK);
    swatch(canvas, x, y, scale.of(0));
    y = canvas.paragraph(x + 20, y, LEGEND - 20, "white: zero, no matter", 11, Color.INK);
    swatch(canvas, x, y, DEAD);
    canvas.paragraph(x + 20, y, LEGEND - 20, "grey: blank in all training images", 11, Color.INK);
  }

  private static void swatch(Canvas canvas, double x, double y, Color color) {
    canvas.box(x, y - 10, 12, 12, color);
    canvas.frame(x, y - 10, 12, 12, Color.of(0xaaaaaa), 0.75);
  }
}
