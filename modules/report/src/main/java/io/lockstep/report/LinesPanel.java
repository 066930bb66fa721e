package io.lockstep.report;

import io.lockstep.report.Axes.Range;
import io.lockstep.report.Legend.Entry;
import io.lockstep.report.Legend.Sign;
import io.lockstep.report.drawing.Canvas;
import io.lockstep.report.drawing.Color;
import io.lockstep.report.drawing.Glyphs;
import io.lockstep.report.drawing.Mark.Anchor;
import io.lockstep.report.drawing.Palette;
import io.lockstep.report.drawing.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Lines through medians, with the least and the most of each beside it, from zero upwards; and
 * dashed lines to compare them with, which end at the chart's top where they go beyond it: the
 * legend then says how far.
 *
 * @param names what it says beside the numbers
 * @param ticks whole numbers above 0 that the lines lie over, equal ratios at equal distances;
 *     empty where they lie over any numbers
 * @param lines in the order of their colours
 * @param guides what the lines would be like if something were ideal
 */
public record LinesPanel(Names names, List<Integer> ticks, List<Line> lines, List<Guide> guides)
    implements Panel {

  private static final double LEFT = 88;
  private static final double PLOT = 330;
  private static final double HEIGHT = 280;
  private static final double RIGHT = 12;
  private static final double HEAD = 28;

  /** Half the length of the strokes at the ends of a spread. */
  private static final double CAP = 4;

  /** Size of the texts above spots. */
  private static final double LABEL = 11;

  private static final double HEADROOM = 1.1;

  /** Up to this multiple of the highest spot there is room for a guide. */
  private static final double ROOM_FOR_GUIDES = 1.5;

  /** With more spots, dots would melt into a bar. */
  private static final int MOST_DOTS = 30;

  /** Texts of a chart: above it, below it, and at its left. */
  public record Names(String title, String across, String up) {}

  /** A line of measured numbers; its name is empty where there is but one. */
  public record Line(String name, List<Spot> spots) {}

  /** A dashed line. */
  public record Guide(String name, List<Point> points) {}

  /**
   * A number, and how far others of its kind went.
   *
   * @param label written above it; empty for nothing
   */
  public record Spot(double x, double least, double median, double most, String label) {

    /** Of some measurements. */
    public static Spot of(double x, Distribution all, String label) {
      return new Spot(x, all.least(), all.median(), all.most(), label);
    }

    /** Of one number. */
    public static Spot of(double x, double y) {
      return new Spot(x, y, y, y, "");
    }

    private Point middle() {
      return new Point(x, median);
    }
  }

  @Override
  public double width() {
    return LEFT + PLOT + RIGHT;
  }

  @Override
  public double draw(Canvas canvas, double x, double y) {
    canvas.bold(x, y + 14, names.title(), 13, Anchor.START, Color.INK);
    Axes axes = new Axes(across(x + LEFT), y + HEAD, HEIGHT, up());
    axes.draw(canvas, names.across(), names.up(), true);
    for (Guide guide : guides) {
      axes.curve(canvas, below(axes.up().high(), guide.points()), Color.MUTED, 1.25, true);
    }
    for (int i = 0; i < lines.size(); i++) {
      draw(canvas, axes, lines.get(i), Palette.of(i));
    }
    double bottom = axes.y() + HEIGHT + 40;
    List<Entry> legend = legend(axes.up().high());
    return legend.isEmpty()
        ? bottom
        : new Legend(legend).draw(canvas, x + LEFT, bottom + 20, x + width());
  }

  private NumberLine across(double x) {
    List<Double> numbers = spots().map(Spot::x).toList();
    return ticks.isEmpty()
        ? NumberLine.around(NumberLine.Scale.LINEAR, numbers, 0.02, x, PLOT)
        : NumberLine.ticking(ticks, x, PLOT);
  }

  private Stream<Spot> spots() {
    return lines.stream().flatMap(line -> line.spots().stream());
  }

  private Range up() {
    double low = finite(spots().mapToDouble(Spot::least)).min().orElse(0);
    double high = finite(spots().mapToDouble(Spot::most)).max().orElse(1);
    double ideal =
        finite(guides.stream().flatMap(g -> g.points().stream()).mapToDouble(Point::y))
            .max()
            .orElse(high);
    double top = Math.max(high, Math.min(ideal, ROOM_FOR_GUIDES * high));
    return new Range(Math.min(0, HEADROOM * low), top > 0 ? HEADROOM * top : 1);
  }

  private static DoubleStream finite(DoubleStream numbers) {
    return numbers.filter(Double::isFinite);
  }

  /** The points up to where their line goes above {@code top}. */
  private static List<Point> below(double top, List<Point> points) {
    List<Point> below = new ArrayList<>();
    for (Point point : points) {
      if (point.y() > top) {
        if (!below.isEmpty()) {
          below.add(crossing(top, below.getLast(), point));
        }
        return below;
      }
      below.add(point);
    }
    return below;
  }

  private static Point crossing(double top, Point under, Point over) {
    double share = (top - under.y()) / (over.y() - under.y());
    return new Point(under.x() + share * (over.x() - under.x()), top);
  }

  private static void draw(Canvas canvas, Axes axes, Line line, Color color) {
    List<Spot> finite =
        line.spots().stream().filter(spot -> Double.isFinite(spot.median())).toList();
    axes.curve(canvas, finite.stream().map(Spot::middle).toList(), color, 2, false);
    if (finite.size() <= MOST_DOTS) {
      finite.forEach(spot -> draw(canvas, axes, spot, color));
    }
  }

  private static void draw(Canvas canvas, Axes axes, Spot spot, Color color) {
    double x = axes.atX(spot.x());
    double upper = axes.atY(spot.most());
    if (spot.most() > spot.least()) {
      double lower = axes.atY(spot.least());
      canvas.line(x, lower, x, upper, color, 1);
      canvas.line(x - CAP, lower, x + CAP, lower, color, 1);
      canvas.line(x - CAP, upper, x + CAP, upper, color, 1);
    }
    canvas.disc(x, axes.atY(spot.median()), 3.5, color, Color.WHITE, 1);
    if (!spot.label().isEmpty()) {
      label(canvas, axes, x, upper - 8, spot.label());
    }
  }

  /** Inside the chart, and on paper, so that a guide behind it does not strike it out. */
  private static void label(Canvas canvas, Axes axes, double x, double y, String text) {
    double half = Glyphs.width(text, LABEL, false) / 2 + 2;
    double middle = Math.min(x, axes.x() + axes.width() - half - 2);
    canvas.box(middle - half, y - LABEL, 2 * half, LABEL + 3, Color.WHITE.withOpacity(0.85));
    canvas.text(middle, y, text, LABEL, Anchor.MIDDLE, Color.INK);
  }

  private List<Entry> legend(double top) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).name().isEmpty()) {
        entries.add(new Entry(lines.get(i).name(), Palette.of(i), Sign.LINE, 2));
      }
    }
    guides.stream()
        .map(Guide::name)
        .distinct()
        .map(name -> name + beyond(top, name))
        .forEach(name -> entries.add(new Entry(name, Color.MUTED, Sign.DASHES, 1.25)));
    return entries;
  }

  /** How far the highest guide of a name would go on; empty where the chart has all of it. */
  private String beyond(double top, String name) {
    double most =
        guides.stream()
            .filter(guide -> guide.name().equals(name))
            .flatMap(guide -> guide.points().stream())
            .mapToDouble(Point::y)
            .filter(Double::isFinite)
            .max()
            .orElse(top);
    return most > top ? ", up to " + number(most) : "";
  }

  private static String number(double value) {
    return value >= 1000 ? Numbers.count(Math.round(value)) : Numbers.digits(value);
  }
}
