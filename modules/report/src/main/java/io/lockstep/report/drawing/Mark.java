package io.lockstep.report.drawing;

import java.util.List;

/** Something drawn; later marks cover earlier ones. Lengths are pixels, y grows downwards. */
public sealed interface Mark {

  /**
   * A rectangle.
   *
   * @param lineWidth of its outline, inside and outside alike
   */
  record Box(
      double x, double y, double width, double height, Color fill, Color outline, double lineWidth)
      implements Mark {}

  /** A circle with its inside. */
  record Disc(double x, double y, double radius, Color fill, Color outline, double lineWidth)
      implements Mark {}

  /**
   * Straight lines from point to point.
   *
   * @param dashed whether it is broken into dashes
   */
  record Path(List<Point> points, Color color, double lineWidth, boolean dashed) implements Mark {

    /** Keeps a copy. */
    public Path {
      points = List.copyOf(points);
    }
  }

  /**
   * An image whose pixels are seen as squares.
   *
   * @param columns pixels in a line
   * @param colors line by line, [rows · columns]
   */
  record Pixels(double x, double y, double width, double height, int columns, List<Color> colors)
      implements Mark {

    /** Keeps a copy. */
    public Pixels {
      colors = List.copyOf(colors);
    }

    /** Lines of pixels. */
    public int rows() {
      return colors.size() / columns;
    }

    /** The colour of a pixel. */
    public Color at(int column, int row) {
      return colors.get(row * columns + column);
    }
  }

  /**
   * A line of text.
   *
   * @param y of its base line
   * @param size of an em
   * @param upwards whether it is turned, to be read from below
   */
  record Text(
      double x,
      double y,
      String text,
      double size,
      Anchor anchor,
      boolean bold,
      Color color,
      boolean upwards)
      implements Mark {

    /** Its length along the line. */
    public double width() {
      return Glyphs.width(text, size, bold);
    }

    /** How far before (x, y) it begins. */
    double lead() {
      return width()
          * switch (anchor) {
            case START -> 0;
            case MIDDLE -> 0.5;
            case END -> 1;
          };
    }
  }

  /** Which part of a text is where the text is put. */
  enum Anchor {
    /** Its beginning. */
    START,
    /** Its middle. */
    MIDDLE,
    /** Its end. */
    END
  }
}
