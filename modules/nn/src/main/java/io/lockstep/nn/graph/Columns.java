package io.lockstep.nn.graph;

import io.lockstep.kernels.Panels;
import java.util.Arrays;
import java.util.List;

/** y = the columns [from, to) of x. */
final class Columns extends Primitive {

  private final int from;
  private final int to;

  Columns(Variable x, int from, int to) {
    super("columns %d to %d".formatted(from, to - 1), List.of(x));
    this.from = from;
    this.to = to;
  }

  static Dimensions size(Variable x, int from, int to) {
    Variable.require(
        from >= 0 && from < to && to <= x.size().columns(),
        "columns: expected those from %d to below %d".formatted(from, to),
        List.of(x));
    return new Dimensions(x.size().rows(), to - from);
  }

  int from() {
    return from;
  }

  @Override
  void forward(Evaluation e) {
    copy(e.rows(input()), e.value(input()), from, e.value(output()), 0, to - from);
  }

  @Override
  void backward(Evaluation e, int k, Place dX) {
    Arrays.fill(dX.array, dX.at, dX.at + e.length(input()), 0f);
    copy(e.rows(input()), e.gradient(output()), 0, dX, from, to - from);
  }

  /** Copies {@code count} columns, in runs that are contiguous in a row of both. */
  static void copy(int rows, Place x, int xColumn, Place y, int yColumn, int count) {
    int run;
    for (int done = 0; done < count; done += run) {
      int from = xColumn + done;
      int to = yColumn + done;
      int room = Panels.WIDTH - Math.max(from % Panels.WIDTH, to % Panels.WIDTH);
      run = Math.min(room, count - done);
      int xAt = x.at + Panels.index(rows, 0, from);
      int yAt = y.at + Panels.index(rows, 0, to);
      for (int at = 0; at < rows * Panels.WIDTH; at += Panels.WIDTH) {
        System.arraycopy(x.array, xAt + at, y.array, yAt + at, run);
      }
    }
  }
}
