package io.lockstep.nn.diagram;

import java.util.ArrayList;
import java.util.List;

/** Boxes, and arrows between them that lead from earlier boxes to later ones. */
public final class Diagram {

  /** What a box stands for. */
  public enum Kind {
    /** Data: rows, targets, constants. */
    INPUT,
    /** What is trained. */
    PARAMETER,
    /** What is computed. */
    OPERATION,
    /** What is minimized. */
    LOSS
  }

  /**
   * A box.
   *
   * @param kind what it stands for
   * @param title first line
   * @param detail second line, may be empty
   */
  public record Box(Kind kind, String title, String detail) {}

  /**
   * An arrow.
   *
   * @param from index of a box
   * @param to index of a box
   * @param label the shape of what flows
   */
  public record Arrow(int from, int to, String label) {}

  private final List<Box> boxes = new ArrayList<>();
  private final List<Arrow> arrows = new ArrayList<>();

  /** Adds a box and returns its index. */
  public int box(Kind kind, String title, String detail) {
    boxes.add(new Box(kind, title, detail));
    return boxes.size() - 1;
  }

  /** Adds an arrow between boxes that are there. */
  public void arrow(int from, int to, String label) {
    if (from < 0 || from >= boxes.size() || to < 0 || to >= boxes.size() || from == to) {
      throw new IllegalArgumentException(
          "arrow: expected two of %d boxes but found %d and %d".formatted(boxes.size(), from, to));
    }
    arrows.add(new Arrow(from, to, label));
  }

  /** All boxes by index. */
  public List<Box> boxes() {
    return List.copyOf(boxes);
  }

  /** All arrows. */
  public List<Arrow> arrows() {
    return List.copyOf(arrows);
  }
}
