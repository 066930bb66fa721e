package io.lockstep.report.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.report.drawing.Mark.Anchor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** The same drawing as PNG and as SVG. */
final class OutputsTest {

  private static final Color RED = Color.of(0xff0000);
  private static final Color BLUE = Color.of(0x0000ff);

  private static Drawing drawing() {
    Canvas canvas = new Canvas();
    canvas.box(10, 20, 30, 40, RED);
    canvas.disc(70, 30, 10, BLUE, Color.NONE, 0);
    canvas.line(0, 80, 100, 80, Color.INK, 2);
    canvas.pixels(50, 50, 20, 20, 2, List.of(RED, BLUE, BLUE, RED));
    canvas.text(10, 75, "a < b & \"c\"", 8, Color.INK);
    return canvas.toDrawing(100, 90);
  }

  @Test
  void paintsPixelsWhereMarksAre() throws Exception {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(Png.bytes(drawing())));
    assertThat(image.getWidth()).isEqualTo(100 * Png.SCALE);
    assertThat(image.getHeight()).isEqualTo(90 * Png.SCALE);
    assertThat(at(image, 5, 5)).isEqualTo(0xffffff);
    assertThat(at(image, 11, 21)).isEqualTo(0xff0000);
    assertThat(at(image, 39, 59)).isEqualTo(0xff0000);
    assertThat(at(image, 41, 30)).isEqualTo(0xffffff);
    assertThat(at(image, 70, 30)).isEqualTo(0x0000ff);
    assertThat(at(image, 52, 52)).isEqualTo(0xff0000);
    assertThat(at(image, 68, 52)).isEqualTo(0x0000ff);
    assertThat(at(image, 68, 68)).isEqualTo(0xff0000);
    assertThat(at(image, 50, 80)).isEqualTo(0x222222);
  }

  private static int at(BufferedImage image, int x, int y) {
    return image.getRGB(x * Png.SCALE, y * Png.SCALE) & 0xffffff;
  }

  @Test
  void paintsTextBetweenItsBaseLineAndItsCapHeightFromItsAnchor() {
    Canvas canvas = new Canvas();
    canvas.text(60, 40, "HHH", 20, Anchor.END, Color.of(0x000000));
    BufferedImage image = Png.image(canvas.toDrawing(100, 60));
    int left = Integer.MAX_VALUE;
    int right = 0;
    int top = Integer.MAX_VALUE;
    int bottom = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        if ((image.getRGB(x, y) & 0xff) < 128) {
          left = Math.min(left, x);
          right = Math.max(right, x);
          top = Math.min(top, y);
          bottom = Math.max(bottom, y);
        }
      }
    }
    double width = Glyphs.width("HHH", 20, false);
    assertThat(width).isBetween(43.0, 47.0); // H is 0.752 em wide in DejaVu Sans.
    assertThat(left / 2.0).isBetween(60 - width, 60 - width + 3);
    assertThat(right / 2.0).isBetween(57.0, 60.0);
    assertThat(bottom / 2.0).isBetween(38.5, 40.0);
    assertThat(top / 2.0).isBetween(24.5, 26.5);
  }

  @Test
  void writesXmlWithTheSameGeometry() throws Exception {
    Element svg = parsed(Svg.text(drawing()));
    assertThat(svg.getAttribute("viewBox")).isEqualTo("0 0 100 90");
    Element box = (Element) svg.getElementsByTagName("rect").item(1);
    assertThat(box.getAttribute("x")).isEqualTo("10");
    assertThat(box.getAttribute("height")).isEqualTo("40");
    assertThat(box.getAttribute("fill")).isEqualTo("#ff0000");
    Element disc = (Element) svg.getElementsByTagName("circle").item(0);
    assertThat(disc.getAttribute("cx")).isEqualTo("70");
    Element text = (Element) svg.getElementsByTagName("text").item(0);
    assertThat(text.getTextContent()).isEqualTo("a < b & \"c\"");
    assertThat(Double.parseDouble(text.getAttribute("textLength")))
        .isBetween(0.0, Glyphs.width("a < b & \"c\"", 8, false) + 0.01);
  }

  @Test
  void embedsImagesWithSharpSquares() throws Exception {
    Element svg = parsed(Svg.text(drawing()));
    String link = ((Element) svg.getElementsByTagName("image").item(0)).getAttribute("xlink:href");
    byte[] png = Base64.getDecoder().decode(link.substring(link.indexOf(',') + 1));
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(image.getWidth()).isEqualTo(8);
    assertThat(image.getRGB(3, 3) & 0xffffff).isEqualTo(0xff0000);
    assertThat(image.getRGB(4, 3) & 0xffffff).isEqualTo(0x0000ff);
  }

  @Test
  void writesWhatXmlCannotHoldAsASubstitute() throws Exception {
    Canvas canvas = new Canvas();
    canvas.text(0, 10, "a\u0001b", 10, Color.INK);
    Element svg = parsed(Svg.text(canvas.toDrawing(50, 20)));
    assertThat(svg.getElementsByTagName("text").item(0).getTextContent()).isEqualTo("a\ufffdb");
  }

  private static Element parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
        .getDocumentElement();
  }

  @Test
  void breaksAParagraphBetweenWords() {
    Canvas canvas = new Canvas();
    double next = canvas.paragraph(0, 10, 60, "one two three four", 10, Color.INK);
    Drawing drawing = canvas.toDrawing(100, 100);
    assertThat(String.join(" ", drawing.texts())).isEqualTo("one two three four");
    assertThat(drawing.texts()).hasSizeGreaterThan(1);
    assertThat(drawing.texts()).allMatch(line -> Glyphs.width(line, 10, false) <= 60);
    assertThat(next).isEqualTo(10 + 14.0 * drawing.texts().size());
  }

  @Test
  void measuresALetterThatIsMissing() {
    assertThat(Glyphs.width("\u4e00", 10, false)).isPositive();
    assertThat(Glyphs.width("é", 10, false)).isEqualTo(Glyphs.width("e", 10, false));
  }
}
