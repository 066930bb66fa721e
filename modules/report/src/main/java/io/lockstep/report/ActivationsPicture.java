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
  private static final double IMAGE = 196;
  private static final double GAP = 150;
  private static final double COLUMN = 60;
  private static final double BARS = 150;
  private static final Color RIGHT = Color.of(0x2a7f3f);
  private static final Color WRONG = Color.of(0xb2182b);

  /** The picture. */
  public Drawing draw() {
    Canvas canvas = new Canvas();
    canvas.bold(MARGIN, 34, title, 17, Anchor.START, Color.INK);
    List<LayerColumn> columns = columns();
    double end = bars(columns.getLast()) + barLength(columns.getLast()) + 60;
    connections(canvas, columns);
    image(canvas);
    for (int layer = 0; layer < layers.size() - 1; layer++) {
      columns.get(layer).draw(canvas, layers.get(layer));
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
        .mapToDouble(layer -> LayerColumn.bottom(layer.outputs().length))
        .reduce(LayerColumn.TOP + LayerColumn.HEIGHT + 54, Math::max);
  }

  /** Where the bars of the classes begin. */
  private double bars(LayerColumn classes) {
    return classes.x() + 34 + longestName();
  }

  /** As far as the title goes. */
  private double barLength(LayerColumn classes) {
    return Math.max(BARS, MARGIN + Glyphs.width(title, 17, true) - bars(classes) - 60);
  }

  private double longestName() {
    return classNames.stream().mapToDouble(n -> Glyphs.width(n, 14, true)).max().orElse(0);
  }

  private int predicted() {
    return Signals.largest(layers.getLast().outputs());
  }

  private List<LayerColumn> columns() {
    List<LayerColumn> columns = new ArrayList<>();
    double x = MARGIN + IMAGE + GAP;
    for (int layer = 0; layer < layers.size(); layer++) {
      boolean last = layer == layers.size() - 1;
      float[] outputs = layers.get(layer).outputs();
      int[] units =
          last
              ? IntStream.range(0, outputs.length).toArray()
              : Signals.strongest(outputs, MOST_UNITS);
      double spacing = LayerColumn.HEIGHT / Math.max(units.length, 10);
      double first = LayerColumn.TOP + LayerColumn.HEIGHT / 2 - spacing * (units.length - 1) / 2;
      List<Double> ys =
          IntStream.range(0, units.length).mapToObj(i -> first + i * spacing).toList();
      columns.add(new LayerColumn(x, units, ys, Math.min(12, spacing * 0.29)));
      x += COLUMN + GAP;
    }
    return columns;
  }

  private double imageY() {
    return LayerColumn.TOP + LayerColumn.HEIGHT / 2 - IMAGE / 2;
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
    LayerColumn.heading(
        canvas,
        MARGIN + width / 2,
        imageY() - 28,
        "input",
        shape.toString().replace('x', '×') + " pixels");
    canvas.pixels(MARGIN, imageY(), width, height, shape.width(), colors);
    canvas.frame(MARGIN, imageY(), width, height, Color.MUTED, 1);
  }

  private void connections(Canvas canvas, List<LayerColumn> columns) {
    for (int layer = 0; layer < layers.size(); layer++) {
      List<Connection> strongest = strongest(columns, layer);
      double largest = strongest.isEmpty() ? 1 : Math.abs(strongest.getFirst().strength());
      for (Connection connection : strongest.reversed()) {
        LayerColumn to = columns.get(layer);
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

  private List<Connection> strongest(List<LayerColumn> columns, int layer) {
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

  private static Point unitPlace(LayerColumn column, int unit, int side) {
    return new Point(column.x() + side * column.radius(), column.yOf(unit));
  }

  private void classes(Canvas canvas, LayerColumn column) {
    float[] probabilities = layers.getLast().outputs();
    double names = column.x() + 22;
    double bars = bars(column);
    double length = barLength(column);
    LayerColumn.heading(
        canvas, bars, LayerColumn.TOP - 52, layers.getLast().name(), layers.getLast().detail());
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
    double y = LayerColumn.TOP + LayerColumn.HEIGHT + 30;
    canvas.line(MARGIN, y, MARGIN + 26, y, lines.of(0.75), 3);
    canvas.text(MARGIN + 34, y + 4, "excites", 11, Color.INK);
    canvas.line(MARGIN, y + 20, MARGIN + 26, y + 20, lines.of(-0.75), 3);
    canvas.text(MARGIN + 34, y + 24, "inhibits", 11, Color.INK);
  }
}
