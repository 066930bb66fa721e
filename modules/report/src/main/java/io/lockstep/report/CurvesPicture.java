package io.lockstep.report;

import io.lockstep.report.Axes.Range;
import io.lockstep.report.Legend.Entry;
import io.lockstep.report.Legend.Sign;
import io.lockstep.report.NumberLine.Scale;
import io.lockstep.report.RunCurves.Series;
import io.lockstep.report.drawing.Canvas;
import io.lockstep.report.drawing.Color;
import io.lockstep.report.drawing.Drawing;
import io.lockstep.report.drawing.Glyphs;
import io.lockstep.report.drawing.Mark.Anchor;
import io.lockstep.report.drawing.Palette;
import io.lockstep.report.drawing.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Loss and accuracy over epochs: of one run all that was measured, of several the validation rows,
 * and the training rows in dashes. Where there are many epochs, their axis is logarithmic.
 *
 * @param title of the picture
 * @param runs at least one
 */
public record CurvesPicture(String title, List<RunCurves> runs) {

  private static final double MARGIN = 24;
  private static final double LEFT = 60;
  private static final double PANEL = 430;

  /** Of a chart that has the picture alone. */
  private static final double SINGLE_PANEL = 640;

  /** With more epochs, dots of each would melt into a bar. */
  private static final int MOST_DOTS = 50;

  /** With more epochs, what is of interest lies in the first few of them. */
  private static final double MANY_EPOCHS = 100;

  private static final double HEIGHT = 320;
  private static final double BETWEEN = LEFT + 30;

  /** Left and right of the curves, as a share of their width. */
  private static final double SIDE_ROOM = 0.02;

  /** Beyond this share of the highest of the later epochs' values the first steps are cut off. */
  private static final double HEADROOM = 1.25;

  /** The picture. */
  public Drawing draw() {
    Canvas canvas = new Canvas();
    canvas.bold(MARGIN, 34, title, 17, Anchor.START, Color.INK);
    boolean hasAccuracy = runs.stream().anyMatch(run -> !run.accuracy().isEmpty());
    double x = MARGIN + LEFT;
    double right = x + (hasAccuracy ? 2 * PANEL + BETWEEN : SINGLE_PANEL);
    double top = canvas.paragraph(MARGIN, 56, right - MARGIN, subtitle(), 12, Color.MUTED) + 6;
    double width = hasAccuracy ? PANEL : SINGLE_PANEL;
    panel(canvas, new Place(x, top, width), "mean loss of a row", RunCurves::loss, false);
    if (hasAccuracy) {
      Place beside = new Place(x + PANEL + BETWEEN, top, width);
      panel(canvas, beside, "accuracy in % of the rows", RunCurves::accuracy, true);
    }
    double bottom = new Legend(entries()).draw(canvas, x, top + HEIGHT + 66, right);
    double titleEnd = MARGIN + Glyphs.width(title, 17, true);
    return canvas.toDrawing(Math.max(right, titleEnd) + MARGIN, bottom + 10);
  }

  /** Of a chart's frame. */
  private record Place(double x, double y, double width) {}

  private String subtitle() {
    return single()
        ? "Training: each row by the weights of its step. Validation and test: by those that the epoch ended with."
        : "Solid: validation rows, or, of a run without any, training rows. Dashed: training rows, over each epoch. Dots: test rows, at the end.";
  }

  private boolean single() {
    return runs.size() == 1;
  }

  private boolean byEpochs() {
    return runs.stream().anyMatch(RunCurves::byEpochs);
  }

  /** From the first point drawn to the last. */
  private NumberLine across(List<Series> all, Place place) {
    List<Double> shown =
        all.stream()
            .map(s -> single() || s.main() == s.steps() ? s : s.withoutSteps())
            .flatMap(Series::all)
            .map(Point::x)
            .filter(x -> x > 0)
            .toList();
    double last = shown.stream().max(Comparator.naturalOrder()).orElse(1.0);
    boolean many = byEpochs() && last > MANY_EPOCHS;
    Scale scale = many ? Scale.LOGARITHMIC : Scale.LINEAR;
    NumberLine line = NumberLine.around(scale, shown, SIDE_ROOM, place.x(), place.width());
    return byEpochs() && !many ? line.with(Ticking::whole) : line;
  }

  private void panel(
      Canvas canvas,
      Place place,
      String name,
      Function<RunCurves, Series> figure,
      boolean percent) {
    List<Series> all = runs.stream().map(figure).map(s -> percent ? inPercent(s) : s).toList();
    Range up = percent ? upOfAccuracy(all) : upOfLoss(all);
    Axes axes = new Axes(across(all, place), place.y(), HEIGHT, up);
    String logarithmic = axes.across().scale() == Scale.LOGARITHMIC ? ", logarithmic" : "";
    axes.draw(canvas, (byEpochs() ? "epochs" : "steps") + logarithmic, name, true);
    for (int run = 0; run < all.size(); run++) {
      if (single()) {
        one(canvas, axes, all.get(run));
      } else {
        ofSeveral(canvas, axes, all.get(run), Palette.of(run));
      }
    }
  }

  private static void one(Canvas canvas, Axes axes, Series series) {
    axes.curve(canvas, series.steps(), Color.of(0xbcd3e3), 1, false);
    axes.curve(canvas, series.train(), Palette.of(0), 2, false);
    axes.curve(canvas, series.validation(), Palette.of(1), 2, false);
    if (series.train().size() <= MOST_DOTS) {
      dots(canvas, axes, series.train(), Palette.of(0), 2.5);
      dots(canvas, axes, series.validation(), Palette.of(1), 2.5);
    }
    dots(canvas, axes, series.test(), Palette.of(2), 5);
  }

  private static void ofSeveral(Canvas canvas, Axes axes, Series series, Color color) {
    axes.curve(canvas, series.train(), color.withOpacity(0.6), 1.25, true);
    axes.curve(canvas, series.main(), color, 2, false);
    dots(canvas, axes, series.test(), color, 4);
  }

  private static void dots(
      Canvas canvas, Axes axes, List<Point> points, Color color, double radius) {
    for (Point point : points) {
      double value = point.y();
      if (value >= axes.up().low() && value <= axes.up().high()) {
        canvas.disc(
            axes.atX(point.x()), axes.atY(value), radius, color, Color.WHITE, radius > 3 ? 1 : 0);
      }
    }
  }

  /** From zero; the first steps may lie above. */
  private static Range upOfLoss(List<Series> all) {
    List<Double> shown = new ArrayList<>();
    for (Series series : all) {
      List<List<Point>> wanted =
          series.train().isEmpty()
              ? List.of(series.steps(), series.validation(), series.test())
              : List.of(series.train(), series.validation(), series.test());
      wanted.forEach(points -> points.forEach(p -> shown.add(p.y())));
    }
    List<Double> finite = shown.stream().filter(Double::isFinite).toList();
    double low = finite.stream().min(Comparator.naturalOrder()).orElse(0.0);
    double high = finite.stream().max(Comparator.naturalOrder()).orElse(1.0);
    return low >= 0
        ? new Range(0, high > 0 ? high * HEADROOM : 1)
        : Range.around(List.of(low, high), 0.1);
  }

  /** Up to all rows, and down to a little below the lowest epoch. */
  private static Range upOfAccuracy(List<Series> all) {
    double low =
        all.stream()
            .flatMap(s -> (s.train().isEmpty() ? s.steps() : s.train()).stream().map(Point::y))
            .min(Comparator.naturalOrder())
            .orElse(0.0);
    return new Range(Math.max(0, low - 0.25 * (100 - low) - 0.5), 100);
  }

  private static Series inPercent(Series series) {
    return new Series(
        inPercent(series.steps()),
        inPercent(series.train()),
        inPercent(series.validation()),
        inPercent(series.test()));
  }

  private static List<Point> inPercent(List<Point> points) {
    return points.stream().map(p -> new Point(p.x(), 100 * p.y())).toList();
  }

  private List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    if (!single()) {
      for (int run = 0; run < runs.size(); run++) {
        entries.add(new Entry(runs.get(run).name(), Palette.of(run), Sign.LINE, 2));
      }
      return entries;
    }
    Series loss = runs.getFirst().loss();
    if (!loss.train().isEmpty()) {
      entries.add(new Entry("training, each epoch", Palette.of(0), Sign.LINE, 2));
    }
    if (!loss.steps().isEmpty()) {
      entries.add(new Entry("training, every few steps", Color.of(0xbcd3e3), Sign.LINE, 1.5));
    }
    if (!loss.validation().isEmpty()) {
      entries.add(new Entry("validation", Palette.of(1), Sign.LINE, 2));
    }
    if (!loss.test().isEmpty()) {
      entries.add(new Entry("test" + atEnd(), Palette.of(2), Sign.DOT, 0));
    }
    return entries;
  }

  /** The last figures in numbers. */
  private String atEnd() {
    Series loss = runs.getFirst().loss();
    Series accuracy = runs.getFirst().accuracy();
    String text = ", at the end: loss " + Numbers.digits(loss.test().getLast().y());
    return accuracy.test().isEmpty()
        ? text
        : text + ", accuracy " + Numbers.percent(accuracy.test().getLast().y());
  }
}
