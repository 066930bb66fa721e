package io.lockstep.report.html;

import io.lockstep.report.drawing.Drawing;
import io.lockstep.report.drawing.Svg;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A page, from top to bottom. All texts are escaped; drawings are within it, as SVG. Used by one
 * thread.
 */
public final class HtmlPage {

  private static final String STYLE =
      """
      body { font: 16px/1.5 'DejaVu Sans', Verdana, sans-serif; color: #222; background: #fff;
        max-width: 64rem; margin: 2rem auto; padding: 0 1rem }
      h1 { font-size: 1.6rem; line-height: 1.25 } h2 { font-size: 1.2rem; margin-top: 2.5rem }
      .result { font-size: 1.15rem } .note { color: #555; font-size: .9rem }
      .warning { border-left: 4px solid #d55e00; padding-left: .8rem }
      .wide { overflow-x: auto } figure { margin: 1rem 0 } svg { max-width: 100%; height: auto }
      table { border-collapse: collapse; font-size: .9rem }
      th, td { padding: .3rem .7rem; text-align: right; border-bottom: 1px solid #e3e3e3 }
      th:first-child, td:first-child { text-align: left }
      pre { background: #f6f6f6; padding: .8rem; overflow-x: auto; font-size: .85rem }
      """;

  private final StringBuilder body = new StringBuilder();
  private final String title;

  /**
   * @param title of the page, which is its heading, too
   */
  public HtmlPage(String title) {
    this.title = title;
    element("h1", "", title);
  }

  /** A heading within the page. */
  public HtmlPage heading(String text) {
    return element("h2", "", text);
  }

  /** What the page has to say, in a sentence or two. */
  public HtmlPage result(String text) {
    return element("p", " class=\"result\"", text);
  }

  /** How to read what follows. */
  public HtmlPage note(String text) {
    return element("p", " class=\"note\"", text);
  }

  /** What a reader must not miss. */
  public HtmlPage warning(String text) {
    return element("p", " class=\"warning\"", text);
  }

  /** Text with the breaks of its lines, such as a command. */
  public HtmlPage verbatim(String text) {
    return element("pre", "", text);
  }

  private HtmlPage element(String name, String attributes, String text) {
    String format = "<%1$s%2$s>%3$s</%1$s>\n";
    body.append(String.format(Locale.ROOT, format, name, attributes, escaped(text)));
    return this;
  }

  /**
   * A table; its first column is of texts, the others of numbers.
   *
   * @param head names of the columns
   * @param rows each of as many cells
   */
  public HtmlPage table(List<String> head, List<List<String>> rows) {
    body.append("<div class=\"wide\"><table>\n<thead>").append(row("th", head));
    body.append("</thead>\n<tbody>\n");
    rows.forEach(row -> body.append(row("td", row)).append('\n'));
    body.append("</tbody></table></div>\n");
    return this;
  }

  private static String row(String cell, List<String> texts) {
    return texts.stream()
        .map(text -> "<" + cell + ">" + escaped(text) + "</" + cell + ">")
        .collect(Collectors.joining("", "<tr>", "</tr>"));
  }

  /**
   * A drawing.
   *
   * @param says the same in words, for those who do not see it
   */
  public HtmlPage drawing(Drawing drawing, String says) {
    body.append("<figure role=\"img\" aria-label=\"").append(escaped(says)).append("\">\n");
    body.append(Svg.element(drawing)).append("</figure>\n");
    return this;
  }

  /** The content of the file. */
  public String text() {
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        %s</body>
        </html>
        """
        .formatted(escaped(title), STYLE, body);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
