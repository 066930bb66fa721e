package io.lockstep.nn.graph;

import static io.lockstep.kernels.Panels.WIDTH;

import io.lockstep.kernels.Panels;
import java.util.Arrays;
import java.util.List;

/**
 * y[i] = max over c of x[i][c], NaN if one is. Comparing rounds nothing, so there is no kernel for
 * it.
 */
final class LargestOfRow extends Primitive {

  LargestOfRow(Variable x) {
    super("max over columns", List.of(x));
  }

  @Override
  void forward(Evaluation e) {
    Place x = e.value(input());
    Place y = e.value(output());
    int rows = e.rows(input());
    for (int row = 0; row < rows; row++) {
      float largest = Float.NEGATIVE_INFINITY;
      for (int column = 0; column < input().size().columns(); column++) {
        largest = Math.max(largest, x.array[x.at + Panels.index(rows, row, column)]);
      }
      y.array[y.at + row * WIDTH] = largest;
    }
  }

  @Override
  void backward(Evaluation e, int k, Place dX) {
    Place x = e.value(input());
    Place y = e.value(output());
    Place dY = e.gradient(output());
    int rows = e.rows(input());
    Arrays.fill(dX.array, dX.at, dX.at + e.length(input()), 0f);
    for (int row = 0; row < rows; row++) {
      int column = 0;
      int last = input().size().columns() - 1;
      while (column < last
          && x.array[x.at + Panels.index(rows, row, column)] != y.array[y.at + row * WIDTH]) {
        column++;
      }
      dX.array[dX.at + Panels.index(rows, row, column)] = dY.array[dY.at + row * WIDTH];
    }
  }
}
