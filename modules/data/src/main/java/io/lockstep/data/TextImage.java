package io.lockstep.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Draws a row's image as lines of text. A character stands for one column and two lines of pixels,
 * which is about its shape in a terminal.
 */
public final class TextImage {

  /** What to draw with. */
  public enum Style {
    /** Ten characters of growing ink, for any terminal. */
    ASCII(" .:-=+*#%@"),
    /** The five shades of Unicode's block elements. */
    SHADES(" ░▒▓█"),
    /** Half blocks: every pixel for itself, but without shades. */
    HALF_BLOCKS(" ▀▄█");

    private final String characters;

    Style(String characters) {
      this.characters = characters;
    }
  }

  private TextImage() {}

  /**
   * The image of {@code row}, bright where the ink is: {@code ⌈height / 2⌉} lines of {@code width}
   * characters.
   *
   * @throws IllegalArgumentException if the rows of {@code data} are no images of bytes
   */
  public static List<String> lines(Dataset data, int row, Style style) {
    ImageShape shape = data.image();
    if (shape == null || !data.hasByteFeatures()) {
      throw new IllegalArgumentException(data.name() + " holds no images of bytes");
    }
    List<String> lines = new ArrayList<>();
    for (int y = 0; y < shape.height(); y += 2) {
      StringBuilder line = new StringBuilder(shape.width());
      for (int x = 0; x < shape.width(); x++) {
        float upper = data.feature(row, y * shape.width() + x);
        float lower = y + 1 < shape.height() ? data.feature(row, (y + 1) * shape.width() + x) : 0;
        line.append(character(style, upper, lower));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  private static char character(Style style, float upper, float lower) {
    if (style == Style.HALF_BLOCKS) {
      return style.characters.charAt((upper >= 128 ? 1 : 0) + (lower >= 128 ? 2 : 0));
    }
    int level = (int) ((upper + lower) / 2 / 256 * style.characters.length());
    return style.characters.charAt(level);
  }
}
