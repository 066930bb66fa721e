package io.lockstep.nn.graph;

import static io.lockstep.kernels.Panels.WIDTH;

import io.lockstep.kernels.Panels;
import java.util.Arrays;
import java.util.List;

/** y[i] = x[i][indices[i]]. */
final class GatherColumn extends Primitive {

  private final Indices indices;

  GatherColumn(Variable x, Indices indices) {
    super("gather column", List.of(x));
    this.indices = indices;
  }

  static Dimensions size(Variable x, Indices indices) {
    Variable.require(
        x.size().isBatch(),
        "gather column by " + indices.name() + ": expected rows of the batch",
        List.of(x));
    return new Dimensions(Dimensions.BATCH, 1);
  }

  @Override
  Indices indices() {
    return indices;
  }

  @Override
  void forward(Evaluation e) {
    Place x = e.value(input());
    Place y = e.value(output());
    int rows = e.rows(output());
    for (int row = 0; row < rows; row++) {
      y.array[y.at + row * WIDTH] = x.array[x.at + at(e, rows, row)];
    }
  }

  @Override
  void backward(Evaluation e, int k, Place dX) {
    Place dY = e.gradient(output());
    int rows = e.rows(output());
    Arrays.fill(dX.array, dX.at, dX.at + e.length(input()), 0f);
    for (int row = 0; row < rows; row++) {
      dX.array[dX.at + at(e, rows, row)] = dY.array[dY.at + row * WIDTH];
    }
  }

  private int at(Evaluation e, int rows, int row) {
    return Panels.index(rows, row, e.index(indices, row, input().size().columns()));
  }
}
