package io.lockstep.nn.graph;

import java.util.List;

/** y = xᵀ. */
final class Transpose extends Primitive {

  Transpose(Variable x) {
    super("transpose", List.of(x));
  }

  static Dimensions size(Variable x) {
    Variable.require(!x.size().isBatch(), "transpose: expected no rows of the batch", List.of(x));
    return new Dimensions(x.size().columns(), x.size().rows());
  }

  @Override
  void forward(Evaluation e) {
    transpose(e, input().size(), e.value(input()), e.value(output()));
  }

  @Override
  void backward(Evaluation e, int k, Place dX) {
    transpose(e, output().size(), e.gradient(output()), dX);
  }

  private static void transpose(Evaluation e, Dimensions size, Place x, Place y) {
    e.kernels().products().transpose(size.rows(), size.columns(), x.array, x.at, y.array, y.at);
  }
}
