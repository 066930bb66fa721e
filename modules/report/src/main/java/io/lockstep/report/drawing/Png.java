package io.lockstep.report.drawing;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Drawings as PNG. Stateless; needs neither a display nor fonts. */
public final class Png {

  /** Pixels of the image for a pixel of the drawing, in each direction: for large screens. */
  public static final int SCALE = 2;

  private static final float DASH = 5;

  private Png() {}

  /** The content of the file. */
  public static byte[] bytes(Drawing drawing) {
    return encode(image(drawing));
  }

  /** The picture, {@link #SCALE} times as large as the drawing, on white. */
  public static BufferedImage image(Drawing drawing) {
    BufferedImage image =
        new BufferedImage(
            drawing.width() * SCALE, drawing.height() * SCALE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setColor(java.awt.Color.WHITE);
      graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
      graphics.scale(SCALE, SCALE);
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      drawing.marks().forEach(mark -> draw(graphics, mark));
    } finally {
      graphics.dispose();
    }
    return image;
  }

  private static void draw(Graphics2D graphics, Mark mark) {
    switch (mark) {
      case Mark.Box(var x, var y, var width, var height, var fill, var outline, var line) ->
          shape(graphics, new Rectangle2D.Double(x, y, width, height), fill, outline, line);
      case Mark.Disc(var x, var y, var radius, var fill, var outline, var line) ->
          shape(
              graphics,
              new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius),
              fill,
              outline,
              line);
      case Mark.Path path -> path(graphics, path);
      case Mark.Pixels pixels -> pixels(graphics, pixels);
      case Mark.Text text -> text(graphics, text);
    }
  }

  private static void shape(
      Graphics2D graphics, Shape shape, Color fill, Color outline, double lineWidth) {
    if (fill.opacity() > 0) {
      graphics.setColor(awt(fill));
      graphics.fill(shape);
    }
    if (outline.opacity() > 0 && lineWidth > 0) {
      graphics.setColor(awt(outline));
      graphics.setStroke(new BasicStroke((float) lineWidth));
      graphics.draw(shape);
    }
  }

  private static void path(Graphics2D graphics, Mark.Path path) {
    Path2D line = new Path2D.Double();
    List<Point> points = path.points();
    line.moveTo(points.getFirst().x(), points.getFirst().y());
    for (Point point : points.subList(1, points.size())) {
      line.lineTo(point.x(), point.y());
    }
    graphics.setColor(awt(path.color()));
    graphics.setStroke(
        new BasicStroke(
            (float) path.lineWidth(),
            BasicStroke.CAP_BUTT,
            BasicStroke.JOIN_ROUND,
            1,
            path.dashed() ? new float[] {DASH, DASH * 0.6f} : null,
            0));
    graphics.draw(line);
  }

  private static void pixels(Graphics2D graphics, Mark.Pixels pixels) {
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    AffineTransform place = AffineTransform.getTranslateInstance(pixels.x(), pixels.y());
    place.scale(pixels.width() / pixels.columns(), pixels.height() / pixels.rows());
    graphics.drawImage(raster(pixels, 1), place, null);
  }

  /** The pixels as an image, each {@code times} as large. */
  static BufferedImage raster(Mark.Pixels pixels, int times) {
    BufferedImage image =
        new BufferedImage(
            pixels.columns() * times, pixels.rows() * times, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, pixels.at(x / times, y / times).rgb());
      }
    }
    return image;
  }

  private static void text(Graphics2D graphics, Mark.Text text) {
    AffineTransform place = AffineTransform.getTranslateInstance(text.x(), text.y());
    if (text.upwards()) {
      place.rotate(-Math.PI / 2);
    }
    place.translate(-text.lead(), 0);
    Path2D outline = Glyphs.outline(text.text(), text.size(), text.bold());
    graphics.setColor(awt(text.color()));
    graphics.fill(place.createTransformedShape(outline));
  }

  private static java.awt.Color awt(Color color) {
    return new java.awt.Color(
        color.red(), color.green(), color.blue(), (int) Math.round(255 * color.opacity()));
  }

  /** An image as PNG. */
  static byte[] encode(BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      if (!ImageIO.write(image, "png", out)) {
        throw new IllegalStateException("this Java cannot write PNG");
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }
}
