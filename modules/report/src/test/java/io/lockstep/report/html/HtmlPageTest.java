package io.lockstep.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.report.drawing.Canvas;
import io.lockstep.report.drawing.Color;
import io.lockstep.report.drawing.Svg;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HtmlPageTest {

  @Test
  void textsAreNoMarkup() {
    String page =
        new HtmlPage("a < b")
            .result("\"x\" & y")
            .table(List.of("<script>"), List.of(List.of("1 > 0")))
            .verbatim("--set a=<b>")
            .text();

    assertThat(page)
        .contains("<title>a &lt; b</title>", "<h1>a &lt; b</h1>")
        .contains("<p class=\"result\">&quot;x&quot; &amp; y</p>")
        .contains("<th>&lt;script&gt;</th>", "<td>1 &gt; 0</td>")
        .contains("<pre>--set a=&lt;b&gt;</pre>")
        .doesNotContain("<script");
  }

  @Test
  void drawingsAreWithinThePage() {
    Canvas canvas = new Canvas();
    canvas.text(1, 10, "a & b", 8, Color.INK);
    String page = new HtmlPage("t").drawing(canvas.toDrawing(30, 20), "a \"chart\"").text();

    assertThat(page)
        .contains("aria-label=\"a &quot;chart&quot;\"", "<svg ", "a &amp; b</text>", "</svg>")
        .doesNotContain("<?xml");
    assertThat(page.indexOf("<svg")).isBetween(page.indexOf("<figure"), page.indexOf("</figure>"));
    assertThat(Svg.text(canvas.toDrawing(30, 20))).startsWith("<?xml");
  }

  @Test
  void aPageNeedsNothingElse() {
    assertThat(new HtmlPage("t").heading("h").note("n").warning("w").text())
        .startsWith("<!DOCTYPE html>")
        .endsWith("</html>\n")
        .doesNotContain("src=", "href=", "@import", "url(");
  }
}
