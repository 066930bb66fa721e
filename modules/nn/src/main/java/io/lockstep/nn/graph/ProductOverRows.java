package io.lockstep.nn.graph;

import io.lockstep.kernels.Panels;
import java.util.List;

/** C = Aᵀ B with A [m][k], B [m][n]; dA = B dCᵀ, dB = A dC. */
final class ProductOverRows extends Primitive {

  ProductOverRows(Variable a, Variable b) {
    super("transposed matmul", List.of(a, b));
  }

  static Dimensions size(Variable a, Variable b) {
    Variable.require(
        a.size().rows() == b.size().rows(),
        "transposed matmul: expected equally many rows",
        List.of(a, b));
    return new Dimensions(a.size().columns(), b.size().columns());
  }

  @Override
  long packedFloats(int rows) {
    return (long) input().size().rows(rows) * Math.max(left(), right());
  }

  @Override
  int transposedFloats() {
    return Panels.size(right(), left());
  }

  private int left() {
    return input().size().columns();
  }

  private int right() {
    return inputs().get(1).size().columns();
  }

  @Override
  void forward(Evaluation e) {
    Place b = e.value(inputs().get(1));
    e.productOverRows(e.rows(input()), left(), right(), e.value(input()), b, e.value(output()));
  }

  @Override
  void backward(Evaluation e, int k, Place dX) {
    Place dC = e.gradient(output());
    int rows = e.rows(input());
    if (k == 0) {
      Place dCT = e.transposed(left(), right(), dC);
      e.product(rows, right(), left(), e.value(inputs().get(1)), dCT, dX);
    } else {
      e.product(rows, left(), right(), e.value(input()), dC, dX);
    }
  }
}
