package io.lockstep.report.drawing;

import io.lockstep.report.drawing.Mark.Anchor;
import java.util.ArrayList;
import java.util.List;

/** Collects the marks of a drawing. Used by one thread. */
public final class Canvas {

  private final List<Mark> marks = new ArrayList<>();

  /** A filled rectangle. */
  public void box(double x, double y, double width, double height, Color fill) {
    marks.add(new Mark.Box(x, y, width, height, fill, Color.NONE, 0));
  }

  /** The outline of a rectangle. */
  public void frame(double x, double y, double width, double height, Color color, double line) {
    marks.add(new Mark.Box(x, y, width, height, Color.NONE, color, line));
  }

  /** A filled circle with an outline. */
  public void disc(double x, double y, double radius, Color fill, Color outline, double lineWidth) {
    marks.add(new Mark.Disc(x, y, radius, fill, outline, lineWidth));
  }

  /** A line. */
  public void line(double x1, double y1, double x2, double y2, Color color, double lineWidth) {
    path(List.of(new Point(x1, y1), new Point(x2, y2)), color, lineWidth, false);
  }

  /** Lines from point to point; nothing where there are fewer than two. */
  public void path(List<Point> points, Color color, double lineWidth, boolean dashed) {
    if (points.size() > 1) {
      marks.add(new Mark.Path(points, color, lineWidth, dashed));
    }
  }

  /** An image of square pixels, line by line. */
  public void pixels(
      double x, double y, double width, double height, int columns, List<Color> colors) {
    marks.add(new Mark.Pixels(x, y, width, height, columns, colors));
  }

  /** A text from (x, y) on. */
  public void text(double x, double y, String text, double size, Color color) {
    text(x, y, text, size, Anchor.START, color);
  }

  /** A text. */
  public void text(double x, double y, String text, double size, Anchor anchor, Color color) {
    marks.add(new Mark.Text(x, y, text, size, anchor, false, color, false));
  }

  /** A text in bold. */
  public void bold(double x, double y, String text, double size, Anchor anchor, Color color) {
    marks.add(new Mark.Text(x, y, text, size, anchor, true, color, false));
  }

  /** A text that is read from below, its middle at (x, y). */
  public void upwards(double x, double y, String text, double size, Color color) {
    marks.add(new Mark.Text(x, y, text, size, Anchor.MIDDLE, false, color, true));
  }

  /**
   * A text broken into lines between words.
   *
   * @param width that no line exceeds, but of a single longer word
   * @return the base line of the line after it
   */
  public double paragraph(double x, double y, double width, String text, double size, Color color) {
    double base = y;
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (!line.isEmpty() && Glyphs.width(longer, size, false) > width) {
        text(x, base, line.toString(), size, color);
        base += lineHeight(size);
        line.setLength(0);
        line.append(word);
      } else {
        line.setLength(0);
        line.append(longer);
      }
    }
    text(x, base, line.toString(), size, color);
    return base + lineHeight(size);
  }

  private static double lineHeight(double size) {
    return Math.round(size * 1.4);
  }

  /** What was drawn, on paper of this size. */
  public Drawing toDrawing(double width, double height) {
    return new Drawing((int) Math.ceil(width), (int) Math.ceil(height), marks);
  }
}
