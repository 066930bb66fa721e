package io.lockstep.nn.graph;

import java.util.List;

/** y = x / n with the number n of rows of the batch. */
final class DividedByRows extends Primitive {

  DividedByRows(Variable x) {
    super("/ rows", List.of(x));
  }

  @Override
  void forward(Evaluation e) {
    divide(e, e.value(input()), e.value(output()));
  }

  @Override
  void backward(Evaluation e, int k, Place dX) {
    divide(e, e.gradient(output()), dX);
  }

  private void divide(Evaluation e, Place x, Place y) {
    e.kernels()
        .arithmetic()
        .affine(1f / e.batchRows(), 0, x.array, x.at, y.array, y.at, e.length(output()));
  }
}
