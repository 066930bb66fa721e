package io.lockstep.nn.graph;

import io.lockstep.kernels.Panels;
import java.util.List;

/**
 * C = A B with A [m][k], B [k][n]; dA = dC Bᵀ, dB = Aᵀ dC, each a chain of fused multiply-adds in
 * increasing depth.
 */
final class Product extends Primitive {

  Product(Variable a, Variable b) {
    super("matmul", List.of(a, b));
  }

  static Dimensions size(Variable a, Variable b) {
    Variable.require(
        !b.size().isBatch() && a.size().columns() == b.size().rows(),
        "matmul: expected as many columns on the left as rows on the right",
        List.of(a, b));
    return new Dimensions(a.size().rows(), b.size().columns());
  }

  @Override
  long packedFloats(int rows) {
    long most = Math.max(depth(), columns());
    return input().size().rows(rows) * most;
  }

  @Override
  int transposedFloats() {
    return Panels.size(columns(), depth());
  }

  private int depth() {
    return input().size().columns();
  }

  private int columns() {
    return inputs().get(1).size().columns();
  }

  @Override
  void forward(Evaluation e) {
    Place b = e.value(inputs().get(1));
    e.product(e.rows(output()), depth(), columns(), e.value(input()), b, e.value(output()));
  }

  @Override
  void backward(Evaluation e, int k, Place dX) {
    Place dC = e.gradient(output());
    int rows = e.rows(output());
    if (k == 0) {
      Place bT = e.transposed(depth(), columns(), e.value(inputs().get(1)));
      e.product(rows, columns(), depth(), dC, bT, dX);
    } else {
      e.productOverRows(rows, depth(), columns(), e.value(input()), dC, dX);
    }
  }
}
