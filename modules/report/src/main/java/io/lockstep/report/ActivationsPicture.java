package io.lockstep.report;

import io.lockstep.data.ImageShape;
import io.lockstep.report.Signals.Connection;
import io.lockstep.report.Signals.LayerSignal;
import io.lockstep.report.drawing.Canvas;
import io.lockstep.report.drawing.Color;
import io.lockstep.report.drawing.Drawing;
import io.lockstep.report.drawing.Glyphs;
import io.lockstep.report.drawing.Mark.Anchor;
import io.lockstep.report.drawing.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One image's way through a network: the image, the strongest units of each layer, the strongest
 * connections between them, and the probabilities of the classes.
 *
 * @param title of the picture
 * @param shape of the image
 * @param pixels what the network reads, line by line
 * @param layers from the first hidden layer to the classes, whose outputs are from 0 to 1
 * @param classNames of the classes
 * @param truth the class that the image is of; negative if it is not known
 */
public record ActivationsPicture(
    String title,
    ImageShape shape,
    float[] pixels,
    List<LayerSignal> layers,
    List<String> classNames,
    int truth) {

  /** Units of a layer that are drawn one by one. */
  public static final int MOST_UNITS = 16;

  private static final int MOST_CONNECTIONS = 40;
  private static final double MARGIN = 24;
  private static final double TOP = 128;
  private static final double HEIGHT = 560;
  private static final double IMAGE = 196;
  private static final double GAP = 150;
  private static final double COLUMN = 60;
  private static final double BARS = 150;
  private static final Color RIGHT = Color.of(0x2a7f3f);
  private static final Color WRONG = Color.of(0xb2182b);

  /** Where the units of a layer are drawn. */
  private record Column(double x, int[] units, List<Double> ys, double radius) {

    double yOf(int unit) {
      return ys.get(
          IntStream.range(0, units.length).filter(i -> units[i] == unit).findFirst().orElseThrow());
    }
  }

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

  /** The picture. */
  public Drawing draw() {
    Canvas canvas = new Canvas();
    canvas.bold(MARGIN, 34, title, 17, Anchor.START, Color.INK);
    List<Column> columns = columns();
    double end = bars(columns.getLast()) + barLength(columns.getLast()) + 60;
    connections(canvas, columns);
    image(canvas);
    for (int layer = 0; layer < layers.size() - 1; layer++) {
      units(canvas, layers.get(layer), columns.get(layer));
    }
    classes(canvas, columns.getLast());
    legend(canvas);
    double last =
        canvas.paragraph(MARGIN, below() + 38, end - MARGIN, explanation(), 12, Color.MUTED);
    return canvas.toDrawing(end + MARGIN, last + 8);
  }

  private String explanation() {
    String units =
        layers.size() == 1
            ? ""
            : "Circles are units, the darker the more active, with their numbers and outputs: the %d most active of each layer; below them all units in the order of their numbers. "
                .formatted(MOST_UNITS);
    return units
        + "Lines are the %d strongest connections between two columns: what a pixel or unit sends times the weight by which the next one reads it, the thicker the stronger; those to other classes than the predicted one are pale."
            .formatted(MOST_CONNECTIONS);
  }

  /** The base line of the lowest text but the explanation. */
  private double below() {
    return layers.subList(0, layers.size() - 1).stream()
        .mapToDouble(layer -> Grid.of(layer.outputs().length).bottom())
        .reduce(TOP + HEIGHT + 54, Math::max);
  }

  /** Where the bars of the classes begin. */
  private double bars(Column classes) {
    return classes.x() + 34 + longestName();
  }

  /** As far as the title goes. */
  private double barLength(Column classes) {
    return Math.max(BARS, MARGIN + Glyphs.width(title, 17, true) - bars(classes) - 60);
  }

  private double longestName() {
    return classNames.stream().mapToDouble(n -> Glyphs.width(n, 14, true)).max().orElse(0);
  }

  private int predicted() {
    return Signals.largest(layers.getLast().outputs());
  }

  private List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    double x = MARGIN + IMAGE + GAP;
    for (int layer = 0; layer < layers.size(); layer++) {
      boolean last = layer == layers.size() - 1;
      float[] outputs = layers.get(layer).outputs();
      int[] units =
          last
              ? IntStream.range(0, outputs.length).toArray()
              : Signals.strongest(outputs, MOST_UNITS);
      double spacing = HEIGHT / Math.max(units.length, 10);
      double first = TOP + HEIGHT / 2 - spacing * (units.length - 1) / 2;
      List<Double> ys =
          IntStream.range(0, units.length).mapToObj(i -> first + i * spacing).toList();
      columns.add(new Column(x, units, ys, Math.min(12, spacing * 0.29)));
      x += COLUMN + GAP;
    }
    return columns;
  }

  private double imageY() {
    return TOP + HEIGHT / 2 - IMAGE / 2;
  }

  private double pixelSize() {
    return IMAGE / Math.max(shape.width(), shape.height());
  }

  private void image(Canvas canvas) {
    float most = 0;
    float least = 0;
    for (float pixel : pixels) {
      most = Math.max(most, pixel);
      least = Math.min(least, pixel);
    }
    ColorScale ink = ColorScale.ink(least, most > least ? most : least + 1);
    List<Color> colors = new ArrayList<>();
    for (float pixel : pixels) {
      colors.add(ink.of(pixel));
    }
    double width = pixelSize() * shape.width();
    double height = pixelSize() * shape.height();
    heading(
        canvas,
        MARGIN + width / 2,
        imageY() - 28,
        "input",
        shape.toString().replace('x', '×') + " pixels");
    canvas.pixels(MARGIN, imageY(), width, height, shape.width(), colors);
    canvas.frame(MARGIN, imageY(), width, height, Color.MUTED, 1);
  }

  private static void heading(Canvas canvas, double middle, double y, String name, String detail) {
    canvas.bold(middle, y, name, 13, Anchor.MIDDLE, Color.INK);
    canvas.text(middle, y + 16, detail, 11, Anchor.MIDDLE, Color.MUTED);
  }

  private void connections(Canvas canvas, List<Column> columns) {
    for (int layer = 0; layer < layers.size(); layer++) {
      List<Connection> strongest = strongest(columns, layer);
      double largest = strongest.isEmpty() ? 1 : Math.abs(strongest.getFirst().strength());
      for (Connection connection : strongest.reversed()) {
        Column to = columns.get(layer);
        Point from =
            layer == 0
                ? pixelPlace(connection.from())
                : unitPlace(columns.get(layer - 1), connection.from(), 1);
        double share = Math.abs(connection.strength()) / largest;
        Color color = ColorScale.diverging(1).of(connection.strength() > 0 ? 0.75 : -0.75);
        boolean aside = layer == layers.size() - 1 && connection.to() != predicted();
        canvas.path(
            List.of(from, unitPlace(to, connection.to(), -1)),
            color.withOpacity((0.25 + 0.65 * share) * (aside ? 0.3 : 1)),
            0.5 + 3 * share,
            false);
      }
    }
  }

  private List<Connection> strongest(List<Column> columns, int layer) {
    LayerSignal signal = layers.get(layer);
    if (signal.weights() == null) {
      return List.of();
    }
    float[] inputs = layer == 0 ? pixels : layers.get(layer - 1).outputs();
    int[] from =
        layer == 0 ? IntStream.range(0, pixels.length).toArray() : columns.get(layer - 1).units();
    int width = signal.outputs().length;
    int[] to = columns.get(layer).units();
    if (layer < layers.size() - 1) {
      return Signals.strongestConnections(
          inputs, signal.weights(), width, from, to, MOST_CONNECTIONS);
    }
    int[] others = IntStream.of(to).filter(c -> c != predicted()).toArray();
    List<Connection> both = new ArrayList<>();
    for (int[] classes : List.of(new int[] {predicted()}, others)) {
      both.addAll(
          Signals.strongestConnections(
              inputs, signal.weights(), width, from, classes, MOST_CONNECTIONS / 2));
    }
    both.sort(Comparator.comparingDouble((Connection c) -> Math.abs(c.strength())).reversed());
    return both;
  }

  private Point pixelPlace(int pixel) {
    return new Point(
        MARGIN + (pixel % shape.width() + 0.5) * pixelSize(),
        imageY() + (pixel / shape.width() + 0.5) * pixelSize());
  }

  private static Point unitPlace(Column column, int unit, int side) {
    return new Point(column.x() + side * column.radius(), column.yOf(unit));
  }

  private static void units(Canvas canvas, LayerSignal signal, Column column) {
    float[] outputs = signal.outputs();
    ColorScale scale = scale(outputs);
    long active = IntStream.range(0, outputs.length).filter(i -> outputs[i] != 0).count();
    heading(canvas, column.x(), TOP - 52, signal.name(), signal.detail());
    if (active < outputs.length) { // Logistic units always are.
      canvas.text(
          column.x(),
          TOP - 20,
          "%d of %d units active".formatted(active, outputs.length),
          11,
          Anchor.MIDDLE,
          Color.MUTED);
    }
    for (int i = 0; i < column.units().length; i++) {
      int unit = column.units()[i];
      canvas.disc(
          column.x(), column.ys().get(i), column.radius(), scale.of(outputs[unit]), Color.MUTED, 1);
      label(
          canvas,
          column.x(),
          column.ys().get(i) + column.radius() + 10,
          "#%d: %s".formatted(unit, Numbers.orAlmostZero(outputs[unit], scale.high())));
    }
    all(canvas, outputs, scale, column);
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
  private static void all(Canvas canvas, float[] outputs, ColorScale scale, Column column) {
    Grid grid = Grid.of(outputs.length);
    List<Color> colors = new ArrayList<>();
    for (int i = 0; i < grid.across() * grid.lines(); i++) {
      colors.add(i < outputs.length ? scale.of(outputs[i]) : Color.GRID);
    }
    double width = grid.across() * grid.side();
    double height = grid.lines() * grid.side();
    double x = column.x() - width / 2;
    canvas.pixels(x, Grid.TOP_EDGE, width, height, grid.across(), colors);
    canvas.frame(x, Grid.TOP_EDGE, width, height, Color.MUTED, 0.75);
    canvas.text(
        column.x(),
        grid.bottom(),
        "all %d units".formatted(outputs.length),
        10,
        Anchor.MIDDLE,
        Color.MUTED);
  }

  private void classes(Canvas canvas, Column column) {
    float[] probabilities = layers.getLast().outputs();
    double names = column.x() + 22;
    double bars = bars(column);
    double length = barLength(column);
    heading(canvas, bars, TOP - 52, layers.getLast().name(), layers.getLast().detail());
    ColorScale scale = ColorScale.ink(0, 1);
    for (int c = 0; c < column.units().length; c++) {
      double y = column.ys().get(c);
      boolean marked = c == predicted() || c == truth;
      Color color = color(c);
      canvas.disc(
          column.x(), y, column.radius(), scale.of(probabilities[c]), color, marked ? 2.5 : 1);
      if (marked) {
        canvas.bold(names, y + 5, classNames.get(c), 14, Anchor.START, color);
        canvas.text(bars, y + 20, remark(c), 10, color);
      } else {
        canvas.text(names, y + 5, classNames.get(c), 14, Color.INK);
      }
      canvas.box(bars, y - 7, length, 14, Color.of(0xf1f1f1));
      canvas.box(bars, y - 7, length * probabilities[c], 14, color);
      canvas.text(bars + length + 6, y + 4, Numbers.percent(probabilities[c]), 11, Color.INK);
    }
  }

  /** Of a class: green if it is the right one, red if it is predicted in its place. */
  private Color color(int c) {
    if (c == truth) {
      return RIGHT;
    }
    return c != predicted() ? Color.MUTED : truth < 0 ? Color.INK : WRONG;
  }

  private String remark(int c) {
    if (c == truth) {
      return c == predicted() ? "predicted, and true" : "true class";
    }
    return truth < 0 ? "predicted" : "predicted, wrong";
  }

  private static void legend(Canvas canvas) {
    ColorScale lines = ColorScale.diverging(1);
    double y = TOP + HEIGHT + 30;
    canvas.line(MARGIN, y, MARGIN + 26, y, lines.of(0.75), 3);
    canvas.text(MARGIN + 34, y + 4, "excites", 11, Color.INK);
    canvas.line(MARGIN, y + 20, MARGIN + 26, y + 20, lines.of(-0.75), 3);
    canvas.text(MARGIN + 34, y + 24, "inhibits", 11, Color.INK);
  }
}
