package io.lockstep.report.drawing;

import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.StringTokenizer;

/**
 * Outlines and widths of letters, of DejaVu Sans, read once from {@code glyphs.txt}. The machine's
 * fonts are no choice: a container often has none, and Java then draws no text at all. A letter
 * that is missing is drawn as an empty box.
 */
public final class Glyphs {

  private static final double UNITS_PER_EM = 2048;
  private static final Map<Integer, Glyph> REGULAR = new HashMap<>();
  private static final Map<Integer, Glyph> BOLD = new HashMap<>();
  private static final Glyph MISSING = missing();

  /**
   * A letter, in units of the em, y upwards.
   *
   * @param advance to the next letter
   */
  private record Glyph(double advance, Path2D outline) {}

  static {
    read();
  }

  private Glyphs() {}

  /** The length of a line of text whose em is {@code size}. */
  public static double width(String text, double size, boolean bold) {
    return text.codePoints().mapToDouble(c -> glyph(c, bold).advance()).sum() * size / UNITS_PER_EM;
  }

  /** The outline of a line of text that begins at the origin; y grows downwards. */
  static Path2D outline(String text, double size, boolean bold) {
    Path2D all = new Path2D.Double();
    double scale = size / UNITS_PER_EM;
    double x = 0;
    for (int codePoint : text.codePoints().toArray()) {
      Glyph glyph = glyph(codePoint, bold);
      all.append(
          glyph.outline().getPathIterator(new AffineTransform(scale, 0, 0, -scale, x, 0)), false);
      x += glyph.advance() * scale;
    }
    return all;
  }

  private static Glyph glyph(int codePoint, boolean bold) {
    Glyph regular = REGULAR.getOrDefault(codePoint, MISSING);
    return bold ? BOLD.getOrDefault(codePoint, regular) : regular;
  }

  private static Glyph missing() {
    Path2D box = new Path2D.Double();
    for (double inset : new double[] {0, 120}) {
      box.moveTo(150 + inset, inset);
      box.lineTo(1050 - inset, inset);
      box.lineTo(1050 - inset, 1450 - inset);
      box.lineTo(150 + inset, 1450 - inset);
      box.closePath();
    }
    box.setWindingRule(Path2D.WIND_EVEN_ODD);
    return new Glyph(1200, box);
  }

  private static void read() {
    try (InputStream in = Glyphs.class.getResourceAsStream("glyphs.txt");
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          parse(new StringTokenizer(line));
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static void parse(StringTokenizer line) {
    Map<Integer, Glyph> face = line.nextToken().equals("bold") ? BOLD : REGULAR;
    int codePoint = Integer.parseInt(line.nextToken(), 16);
    double advance = number(line);
    Path2D outline = new Path2D.Double();
    while (line.hasMoreTokens()) {
      switch (line.nextToken()) {
        case "M" -> outline.moveTo(number(line), number(line));
        case "L" -> outline.lineTo(number(line), number(line));
        case "Q" -> outline.quadTo(number(line), number(line), number(line), number(line));
        default -> outline.closePath();
      }
    }
    face.put(codePoint, new Glyph(advance, outline));
  }

  private static double number(StringTokenizer line) {
    return Double.parseDouble(line.nextToken());
  }
}
