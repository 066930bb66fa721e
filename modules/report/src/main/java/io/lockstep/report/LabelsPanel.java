package io.lockstep.report;

import io.lockstep.report.drawing.Canvas;
import io.lockstep.report.drawing.Color;
import io.lockstep.report.drawing.Glyphs;
import io.lockstep.report.drawing.Mark.Anchor;
import java.util.List;

/**
 * A word for each bar of a {@link BarsPanel} at its left, in a colour of its own, and perhaps some
 * more beside it.
 *
 * @param title above it
 * @param labels from top to bottom
 */
public record LabelsPanel(String title, List<Label> labels) implements Panel {

  private static final double TEXT = 12;
  private static final double PAD = 8;

  /**
   * A word.
   *
   * @param word in the box
   * @param color of the box: the same for the same word
   * @param more beside it; empty for nothing
   */
  public record Label(String word, Color color, String more) {}

  @Override
  public double width() {
    double more = labels.stream().mapToDouble(label -> width(label.more())).max().orElse(0);
    return Math.max(box() + PAD + more, Glyphs.width(title, 13, true));
  }

  /** All boxes are as wide as the widest. */
  private double box() {
    return labels.stream().mapToDouble(label -> width(label.word())).max().orElse(0) + 2 * PAD;
  }

  private static double width(String text) {
    return Glyphs.width(text, TEXT, false);
  }

  @Override
  public double draw(Canvas canvas, double x, double y) {
    canvas.bold(x, y + 14, title, 13, Anchor.START, Color.INK);
    double box = box();
    for (int i = 0; i < labels.size(); i++) {
      Label label = labels.get(i);
      double middle = y + BarsPanel.HEAD + (i + 0.5) * BarsPanel.LINE;
      canvas.box(x, middle - BarsPanel.BAR / 2, box, BarsPanel.BAR, label.color());
      Color ink = label.color().isLight() ? Color.INK : Color.WHITE;
      canvas.text(x + box / 2, middle + 4, label.word(), TEXT, Anchor.MIDDLE, ink);
      canvas.text(x + box + PAD, middle + 4, label.more(), TEXT, Color.INK);
    }
    return y + BarsPanel.HEAD + labels.size() * BarsPanel.LINE;
  }
}
