package io.lockstep.report.drawing;

import java.util.List;
import java.util.stream.Stream;

/**
 * A picture that is not yet of any format.
 *
 * @param width in pixels
 * @param height in pixels
 * @param marks from the lowest to the uppermost
 */
public record Drawing(int width, int height, List<Mark> marks) {

  /** Keeps a copy. */
  public Drawing {
    marks = List.copyOf(marks);
  }

  /** The marks of a kind, in their order. */
  public <M extends Mark> Stream<M> all(Class<M> kind) {
    return marks.stream().filter(kind::isInstance).map(kind::cast);
  }

  /** All texts, in their order. */
  public List<String> texts() {
    return all(Mark.Text.class).map(Mark.Text::text).toList();
  }
}
