package io.lockstep.nn.graph;

import static io.lockstep.kernels.Panels.WIDTH;

import io.lockstep.kernels.Panels;
import java.util.Arrays;
import java.util.List;

/** Row i of y is row indices[i] of the table x; gradients are added in the order of the rows. */
final class GatherRows extends Primitive {

  private final Indices indices;

  GatherRows(Variable table, Indices indices) {
    super("gather rows", List.of(table));
    this.indices = indices;
  }

  static Dimensions size(Variable table, Indices indices) {
    Variable.require(
        !table.size().isBatch(),
        "gather rows by " + indices.name() + ": expected a table without rows of the batch",
        List.of(table));
    return new Dimensions(Dimensions.BATCH, table.size().columns());
  }

  @Override
  Indices indices() {
    return indices;
  }

  @Override
  void forward(Evaluation e) {
    Place table = e.value(input());
    Place y = e.value(output());
    int entries = input().size().rows();
    int rows = e.rows(output());
    for (int row = 0; row < rows; row++) {
      int from = table.at + e.index(indices, row, entries) * WIDTH;
      for (int panel = 0; panel < Panels.count(output().size().columns()); panel++) {
        System.arraycopy(
            table.array,
            from + panel * entries * WIDTH,
            y.array,
            y.at + (panel * rows + row) * WIDTH,
            WIDTH);
      }
    }
  }

  @Override
  void backward(Evaluation e, int k, Place dX) {
    Place dY = e.gradient(output());
    int entries = input().size().rows();
    int rows = e.rows(output());
    Arrays.fill(dX.array, dX.at, dX.at + e.length(input()), 0f);
    for (int row = 0; row < rows; row++) {
      int to = dX.at + e.index(indices, row, entries) * WIDTH;
      for (int panel = 0; panel < Panels.count(output().size().columns()); panel++) {
        e.kernels()
            .elementwise()
            .add(
                dX.array,
                to + panel * entries * WIDTH,
                dY.array,
                dY.at + (panel * rows + row) * WIDTH,
                WIDTH);
      }
    }
  }
}
