package io.lockstep.report.drawing;

import java.util.Locale;

/**
 * A colour in sRGB.
 *
 * @param red from 0 to 255
 * @param green from 0 to 255
 * @param blue from 0 to 255
 * @param opacity from 0, invisible, to 1
 */
public record Color(int red, int green, int blue, double opacity) {

  /** Nothing is seen of it. */
  public static final Color NONE = new Color(255, 255, 255, 0);

  /** The paper. */
  public static final Color WHITE = of(0xffffff);

  /** Text. */
  public static final Color INK = of(0x222222);

  /** Text that explains. */
  public static final Color MUTED = of(0x666666);

  /** Lines that help to read off. */
  public static final Color GRID = of(0xe3e3e3);

  /**
   * @throws IllegalArgumentException if a part is out of its range
   */
  public Color {
    boolean inRange = ((red | green | blue) & ~0xff) == 0 && opacity >= 0 && opacity <= 1;
    if (!inRange) {
      throw new IllegalArgumentException(
          "color: expected parts from 0 to 255 and an opacity from 0 to 1 but found (%d, %d, %d, %s)"
              .formatted(red, green, blue, opacity));
    }
  }

  /** An opaque colour of its six hexadecimal digits. */
  public static Color of(int rgb) {
    return new Color(rgb >> 16 & 0xff, rgb >> 8 & 0xff, rgb & 0xff, 1);
  }

  /** The same, more or less transparent. */
  public Color withOpacity(double share) {
    return new Color(red, green, blue, share);
  }

  /**
   * Between this and another.
   *
   * @param share of the other, from 0 to 1
   */
  public Color mix(Color other, double share) {
    return new Color(
        between(red, other.red, share),
        between(green, other.green, share),
        between(blue, other.blue, share),
        opacity + (other.opacity - opacity) * share);
  }

  private static int between(int from, int to, double share) {
    return (int) Math.round(from + (to - from) * share);
  }

  /** Whether dark text on it is easier to read than white. */
  public boolean isLight() {
    return 0.299 * red + 0.587 * green + 0.114 * blue > 140;
  }

  /** The colour without its opacity, as 0xRRGGBB. */
  public int rgb() {
    return red << 16 | green << 8 | blue;
  }

  /** As in SVG, without its opacity: {@code #rrggbb}. */
  String hex() {
    return String.format(Locale.ROOT, "#%06x", rgb());
  }
}
