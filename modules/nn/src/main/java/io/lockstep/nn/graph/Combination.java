package io.lockstep.nn.graph;

import io.lockstep.kernels.Arithmetic;
import io.lockstep.kernels.Arithmetic.Operator;
import java.util.List;

/** z = x op y, element by element, all of one size. */
final class Combination extends Primitive {

  private final Operator operator;

  Combination(Operator operator, Variable x, Variable y) {
    super(label(operator), List.of(x, y));
    this.operator = operator;
  }

  private static String label(Operator operator) {
    return switch (operator) {
      case ADD -> "+";
      case SUBTRACT -> "−";
      case MULTIPLY -> "×";
      case DIVIDE -> "/";
    };
  }

  Operator operator() {
    return operator;
  }

  /** The size of both after broadcasting. */
  static Dimensions broadcast(Operator operator, Variable x, Variable y) {
    Dimensions a = x.size();
    Dimensions b = y.size();
    boolean fit =
        (a.rows() == b.rows() || a.rows() == 1 || b.rows() == 1)
            && (a.columns() == b.columns() || a.columns() == 1 || b.columns() == 1);
    Variable.require(
        fit, label(operator) + ": expected equal sizes, or one row or column", List.of(x, y));
    return new Dimensions(
        a.rows() == 1 ? b.rows() : a.rows(), a.columns() == 1 ? b.columns() : a.columns());
  }

  @Override
  void forward(Evaluation e) {
    combine(e, operator, e.value(input()), e.value(inputs().get(1)), e.value(output()));
  }

  /** Of z = x / y the gradient of y is −dZ · z / y. */
  @Override
  void backward(Evaluation e, int k, Place dX) {
    Place dZ = e.gradient(output());
    switch (operator) {
      case ADD -> copy(e, dZ, dX);
      case SUBTRACT -> affine(e, k == 0 ? 1 : -1, dZ, dX);
      case MULTIPLY -> combine(e, Operator.MULTIPLY, dZ, e.value(inputs().get(1 - k)), dX);
      case DIVIDE -> {
        Place y = e.value(inputs().get(1));
        if (k == 0) {
          combine(e, Operator.DIVIDE, dZ, y, dX);
        } else {
          combine(e, Operator.MULTIPLY, dZ, e.value(output()), dX);
          combine(e, Operator.DIVIDE, dX, y, dX);
          affine(e, -1, dX, dX);
        }
      }
    }
  }

  private void copy(Evaluation e, Place from, Place to) {
    System.arraycopy(from.array, from.at, to.array, to.at, e.length(output()));
  }

  private void affine(Evaluation e, float factor, Place from, Place to) {
    arithmetic(e).affine(factor, 0, from.array, from.at, to.array, to.at, e.length(output()));
  }

  private void combine(Evaluation e, Operator with, Place x, Place y, Place z) {
    arithmetic(e).combine(with, x.array, x.at, y.array, y.at, z.array, z.at, e.length(output()));
  }

  private static Arithmetic arithmetic(Evaluation e) {
    return e.kernels().arithmetic();
  }
}
