package io.lockstep.report.drawing;

import java.util.Base64;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Drawings as SVG 1.1. Texts stay texts, stretched to the length that they were drawn for, whatever
 * font is there; images of pixels are embedded as PNG, enlarged, since not every program keeps
 * their squares sharp. Stateless.
 */
public final class Svg {

  private static final int ENLARGED = 4;

  private Svg() {}

  /** The content of the file. */
  public static String text(Drawing drawing) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + element(drawing);
  }

  /** As an element of a page. */
  public static String element(Drawing drawing) {
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            """
            <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" \
            width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" \
            font-family="'DejaVu Sans', Verdana, sans-serif">
            <rect width="%1$d" height="%2$d" fill="#ffffff"/>
            """,
            drawing.width(),
            drawing.height()));
    drawing.marks().forEach(mark -> svg.append(element(mark)).append('\n'));
    return svg.append("</svg>\n").toString();
  }

  private static String element(Mark mark) {
    return switch (mark) {
      case Mark.Box(var x, var y, var width, var height, var fill, var outline, var line) ->
          "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"%s%s/>"
              .formatted(
                  n(x), n(y), n(width), n(height), paint("fill", fill), stroke(outline, line));
      case Mark.Disc(var x, var y, var radius, var fill, var outline, var line) ->
          "<circle cx=\"%s\" cy=\"%s\" r=\"%s\"%s%s/>"
              .formatted(n(x), n(y), n(radius), paint("fill", fill), stroke(outline, line));
      case Mark.Path path -> path(path);
      case Mark.Pixels pixels -> pixels(pixels);
      case Mark.Text text -> text(text);
    };
  }

  private static String path(Mark.Path path) {
    String points =
        path.points().stream().map(p -> n(p.x()) + "," + n(p.y())).collect(Collectors.joining(" "));
    return "<polyline points=\"%s\" fill=\"none\" stroke-linejoin=\"round\"%s%s/>"
        .formatted(
            points,
            stroke(path.color(), path.lineWidth()),
            path.dashed() ? " stroke-dasharray=\"5 3\"" : "");
  }

  private static String pixels(Mark.Pixels pixels) {
    String png = Base64.getEncoder().encodeToString(Png.encode(Png.raster(pixels, ENLARGED)));
    return ("<image x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" preserveAspectRatio=\"none\""
            + " style=\"image-rendering:pixelated\" xlink:href=\"data:image/png;base64,%s\"/>")
        .formatted(n(pixels.x()), n(pixels.y()), n(pixels.width()), n(pixels.height()), png);
  }

  private static String text(Mark.Text text) {
    String turned =
        text.upwards()
            ? " transform=\"rotate(-90 %s %s)\"".formatted(n(text.x()), n(text.y()))
            : "";
    return "<text x=\"%s\" y=\"%s\" font-size=\"%s\"%s text-anchor=\"%s\" textLength=\"%s\"%s%s lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\">%s</text>"
        .formatted(
            n(text.x()),
            n(text.y()),
            n(text.size()),
            text.bold() ? " font-weight=\"bold\"" : "",
            text.anchor().name().toLowerCase(Locale.ROOT),
            n(text.width()),
            paint("fill", text.color()),
            turned,
            escaped(text.text()));
  }

  private static String stroke(Color color, double width) {
    return color.opacity() == 0 || width == 0
        ? ""
        : paint("stroke", color) + " stroke-width=\"" + n(width) + "\"";
  }

  private static String paint(String what, Color color) {
    if (color.opacity() == 0) {
      return " " + what + "=\"none\"";
    }
    String paint = " %s=\"%s\"".formatted(what, color.hex());
    return color.opacity() == 1
        ? paint
        : paint + " %s-opacity=\"%s\"".formatted(what, n(color.opacity()));
  }

  /** Two decimals at most. */
  private static String n(double number) {
    String text = String.format(Locale.ROOT, "%.2f", number);
    String shorter = text.replaceAll("0+$", "").replaceAll("\\.$", "");
    return shorter.equals("-0") ? "0" : shorter;
  }

  /** Without what XML 1.0 cannot hold. */
  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]", "\ufffd");
  }
}
