package io.lockstep.nn.diagram;

import io.lockstep.nn.diagram.Diagram.Arrow;
import io.lockstep.nn.diagram.Diagram.Box;
import io.lockstep.nn.diagram.Diagram.Kind;
import io.lockstep.nn.diagram.LayeredLayout.Item;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A diagram as SVG, laid out from left to right.
 *
 * <p>Written here, and not by the drawings of module {@code report}: these know only what PNG can
 * hold as well, and none of the curves, round boxes and filled arrowheads that this one is made of;
 * and this module must not depend on that one.
 */
public final class SvgText {

  private static final double MARGIN = 20;
  private static final double BOX_HEIGHT = 44;
  private static final double ROW = 84;

  /** Between two columns of boxes: room for a label. */
  private static final double GAP = 112;

  /** Where a label may be on its curve, the best place first. */
  private static final double[] ALONG = {0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8};

  private static final double LABEL_HEIGHT = 14;
  private static final double LETTER = 7.2;
  private static final double SMALL_LETTER = 6.0;
  private static final String FONT = "DejaVu Sans, Verdana, Arial, sans-serif";

  private final Diagram diagram;
  private final LayeredLayout layout;

  /** Widths of the columns, and where their middles are. */
  private final double[] widths;

  private final double[] middles;
  private final List<String> lines = new ArrayList<>();

  /** Those that are there. */
  private final List<Label> labels = new ArrayList<>();

  /** A label's middle, and how wide it is. */
  private record Label(double x, double y, double width) {

    boolean overlaps(Label other) {
      return Math.abs(x - other.x) < (width + other.width) / 2
          && Math.abs(y - other.y) < LABEL_HEIGHT;
    }
  }

  private SvgText(Diagram diagram) {
    this.diagram = diagram;
    this.layout = new LayeredLayout(diagram);
    this.widths = new double[layout.columns()];
    this.middles = new double[layout.columns()];
    for (int i = 0; i < diagram.boxes().size(); i++) {
      int column = layout.boxes().get(i).column;
      widths[column] = Math.max(widths[column], width(diagram.boxes().get(i)));
    }
    double at = MARGIN;
    for (int column = 0; column < widths.length; column++) {
      middles[column] = at + widths[column] / 2;
      at += widths[column] + GAP;
    }
  }

  /** The text of a file. */
  public static String of(Diagram diagram, String name) {
    SvgText text = new SvgText(diagram);
    text.write(name);
    return String.join("\n", text.lines) + "\n";
  }

  private static double width(Box box) {
    double title = box.title().length() * LETTER;
    return Math.max(44, Math.max(title, box.detail().length() * SMALL_LETTER) + 20);
  }

  private void write(String name) {
    double width = Arrays.stream(widths).sum() + GAP * (widths.length - 1) + 2 * MARGIN;
    double height = layout.height() * ROW + BOX_HEIGHT + 2 * MARGIN;
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %s %s\" width=\"%s\" height=\"%s\""
            + " font-family=\"%s\">",
        number(width), number(height), number(width), number(height), FONT);
    add("<title>%s</title>", escaped(name));
    add("<rect width=\"%s\" height=\"%s\" fill=\"#ffffff\"/>", number(width), number(height));
    for (int i = 0; i < diagram.arrows().size(); i++) {
      line(diagram.arrows().get(i), layout.paths().get(i));
    }
    for (int i = 0; i < diagram.boxes().size(); i++) {
      box(diagram.boxes().get(i), layout.boxes().get(i));
    }
    for (int i = 0; i < diagram.arrows().size(); i++) {
      label(diagram.arrows().get(i), layout.paths().get(i));
    }
    add("</svg>");
  }

  private double x(Item item) {
    return middles[item.column];
  }

  private static double y(Item item) {
    return MARGIN + BOX_HEIGHT / 2 + item.y * ROW;
  }

  private double start(Arrow arrow, Item item) {
    return x(item) + width(diagram.boxes().get(arrow.from())) / 2;
  }

  private double end(Arrow arrow, Item item) {
    return x(item) - width(diagram.boxes().get(arrow.to())) / 2;
  }

  /** Curves from column to column, level where they meet; straight through columns of bends. */
  private void line(Arrow arrow, List<Item> path) {
    double x = start(arrow, path.getFirst());
    double y = y(path.getFirst());
    StringBuilder d = new StringBuilder("M%s %s".formatted(number(x), number(y)));
    for (int i = 1; i < path.size(); i++) {
      Item next = path.get(i);
      boolean last = i == path.size() - 1;
      double half = widths[next.column] / 2;
      double toX = last ? end(arrow, next) - 7 : x(next) - half;
      double toY = y(next);
      double middle = (x + toX) / 2;
      d.append(
          " C%s %s %s %s %s %s"
              .formatted(
                  number(middle),
                  number(y),
                  number(middle),
                  number(toY),
                  number(toX),
                  number(toY)));
      x = toX;
      y = toY;
      if (!last) {
        x += 2 * half;
        d.append(" H").append(number(x));
      }
    }
    add("<path d=\"%s\" fill=\"none\" stroke=\"#555555\" stroke-width=\"1.2\"/>", d);
    add(
        "<path d=\"M%s %s l-8 -4 v8 z\" fill=\"#555555\"/>",
        number(end(arrow, path.getLast())), number(y));
  }

  /** On the last curve, in its middle or as near to it as no other label is, on a white ground. */
  private void label(Arrow arrow, List<Item> path) {
    Item before = path.get(path.size() - 2);
    Item last = path.getLast();
    double from = before.bend ? x(before) + widths[before.column] / 2 : start(arrow, before);
    double width = arrow.label().length() * SMALL_LETTER + 4;
    List<Label> places = new ArrayList<>();
    for (double t : ALONG) {
      // The curve of line(), a cubic one whose control points lie half-way across.
      double across = 1.5 * t * (1 - t) + t * t * t;
      double up = t * t * (3 - 2 * t);
      double x = from + (end(arrow, last) - from) * across;
      double y = y(before) + (y(last) - y(before)) * up;
      places.add(new Label(x, y, width));
    }
    Label place =
        places.stream()
            .filter(free -> labels.stream().noneMatch(free::overlaps))
            .findFirst()
            .orElse(places.getFirst());
    labels.add(place);
    add(
        "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"14\" fill=\"#ffffff\" fill-opacity=\"0.9\"/>",
        number(place.x() - width / 2), number(place.y() - LABEL_HEIGHT / 2), number(width));
    text(place.x(), place.y() + 3.5, 10, "#333333", arrow.label());
  }

  private void box(Box box, Item item) {
    double width = width(box);
    double x = x(item) - width / 2;
    add(
        "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"%s\" fill=\"%s\" stroke=\"%s\"/>",
        number(x),
        number(y(item) - BOX_HEIGHT / 2),
        number(width),
        number(BOX_HEIGHT),
        box.kind() == Kind.OPERATION ? 3 : number(BOX_HEIGHT / 2),
        Colours.fill(box.kind()),
        Colours.line(box.kind()));
    boolean one = box.detail().isEmpty();
    text(x(item), y(item) + (one ? 4 : -3), 12, "#111111", box.title());
    if (!one) {
      text(x(item), y(item) + 12, 10, "#444444", box.detail());
    }
  }

  private void text(double x, double y, int size, String colour, String text) {
    add(
        "<text x=\"%s\" y=\"%s\" font-size=\"%d\" fill=\"%s\" text-anchor=\"middle\">%s</text>",
        number(x), number(y), size, colour, escaped(text));
  }

  private void add(String format, Object... arguments) {
    lines.add(format.formatted(arguments));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
