package io.lockstep.nn.diagram;

import io.lockstep.nn.diagram.Diagram.Arrow;
import io.lockstep.nn.diagram.Diagram.Box;
import io.lockstep.nn.diagram.Diagram.Kind;
import java.util.ArrayList;
import java.util.List;

/** A diagram in DOT, the language of Graphviz. */
public final class DotText {

  private DotText() {}

  /** The text of a file. */
  public static String of(Diagram diagram, String name) {
    List<String> lines = new ArrayList<>();
    lines.add("digraph %s {".formatted(quoted(name)));
    lines.add("  rankdir=LR;");
    lines.add("  node [fontname=\"sans-serif\", fontsize=12, style=filled];");
    lines.add("  edge [fontname=\"sans-serif\", fontsize=10];");
    List<Box> boxes = diagram.boxes();
    for (int i = 0; i < boxes.size(); i++) {
      Box box = boxes.get(i);
      String label = box.detail().isEmpty() ? box.title() : box.title() + "\n" + box.detail();
      lines.add(
          "  n%d [label=%s, shape=%s, fillcolor=\"%s\"];"
              .formatted(i, quoted(label), shape(box.kind()), Colours.fill(box.kind())));
    }
    for (Arrow arrow : diagram.arrows()) {
      lines.add(
          "  n%d -> n%d [label=%s];".formatted(arrow.from(), arrow.to(), quoted(arrow.label())));
    }
    lines.add("}");
    return String.join("\n", lines) + "\n";
  }

  private static String shape(Kind kind) {
    return kind == Kind.OPERATION ? "box" : "ellipse";
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
