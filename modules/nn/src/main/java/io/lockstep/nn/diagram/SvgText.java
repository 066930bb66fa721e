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
  private static final double ARROWHEAD = 7;

  /** By so much a label may reach into a column of boxes. */
  private static final double SLACK = 10;

  /** Of a curve that are compared with a label. */
  private static final int POINTS = 40;

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

  /** All parts of arrows between columns. */
  private final List<Curve> curves = new ArrayList<>();

  /**
   * A cubic curve whose control points lie half-way across.
   *
   * @param column that it leads to
   */
  private record Curve(int column, double fromX, double fromY, double toX, double toY) {

    double x(double t) {
      return fromX + (toX - fromX) * (1.5 * t * (1 - t) + t * t * t);
    }

    double y(double t) {
      return fromY + (toY - fromY) * t * t * (3 - 2 * t);
    }

    /** Whether it hardly covers the boxes beside. */
    boolean hasRoomFor(Label label) {
      return label.x - label.width / 2 > fromX - SLACK && label.x + label.width / 2 < toX + SLACK;
    }

    String svg() {
      String middle = number((fromX + toX) / 2);
      return " H%s C%s %s %s %s %s %s"
          .formatted(
              number(fromX), middle, number(fromY), middle, number(toY), number(toX), number(toY));
    }
  }

  /** A label's middle, and how wide it is. */
  private record Label(double x, double y, double width) {

    boolean overlaps(Label other) {
      return Math.abs(x - other.x) < (width + other.width) / 2
          && Math.abs(y - other.y) < LABEL_HEIGHT;
    }

    boolean isCrossedBy(Curve curve) {
      for (int i = 0; i <= POINTS; i++) {
        double t = (double) i / POINTS;
        if (Math.abs(curve.x(t) - x) < width / 2 && Math.abs(curve.y(t) - y) < LABEL_HEIGHT / 2) {
          return true;
        }
      }
      return false;
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

  /** Where a column's boxes end. */
  private double rightOf(Item item) {
    return middles[item.column] + widths[item.column] / 2;
  }

  private double leftOf(Item item) {
    return middles[item.column] - widths[item.column] / 2;
  }

  /** The part of an arrow between two columns: all curves that might cross it end where it does. */
  private Curve curve(Item from, Item to) {
    return new Curve(to.column, rightOf(from), y(from), leftOf(to) - ARROWHEAD, y(to));
  }

  private static List<Item> withoutFirst(List<Item> path) {
    return path.subList(1, path.size());
  }

  /** Curves between columns, which meet them level; through a column, under no box, straight. */
  private void line(Arrow arrow, List<Item> path) {
    Item before = path.getFirst();
    StringBuilder d = new StringBuilder();
    d.append("M%s %s".formatted(number(start(arrow, before)), number(y(before))));
    for (Item next : withoutFirst(path)) {
      Curve curve = curve(before, next);
      curves.add(curve);
      d.append(curve.svg());
      before = next;
    }
    double end = end(arrow, before);
    d.append(" H").append(number(end - ARROWHEAD));
    add("<path d=\"%s\" fill=\"none\" stroke=\"#555555\" stroke-width=\"1.2\"/>", d);
    add("<path d=\"M%s %s l-8 -4 v8 z\" fill=\"#555555\"/>", number(end), number(y(before)));
  }

  /**
   * On the last curve, on a white ground: in its middle, or as near to it as no other label is and,
   * if possible, no other arrow passes.
   */
  private void label(Arrow arrow, List<Item> path) {
    Curve own = curve(path.get(path.size() - 2), path.getLast());
    double width = arrow.label().length() * SMALL_LETTER + 4;
    List<Label> places = new ArrayList<>();
    for (double t : ALONG) {
      Label place = new Label(own.x(t), own.y(t), width);
      if (t == ALONG[0] || own.hasRoomFor(place)) {
        places.add(place);
      }
    }
    List<Label> free =
        places.stream().filter(place -> labels.stream().noneMatch(place::overlaps)).toList();
    Label place =
        free.stream()
            .filter(one -> curves.stream().noneMatch(c -> !c.equals(own) && one.isCrossedBy(c)))
            .findFirst()
            .orElse(free.isEmpty() ? places.getFirst() : free.getFirst());
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
