package io.lockstep.nn.graph;

import java.util.List;

/** y = Σ x over rows or columns, in a fixed shape. */
final class Sum extends Primitive {

  private final Axis axis;

  Sum(Axis axis, Variable x) {
    super(axis == Axis.ROWS ? "sum over rows" : "sum over columns", List.of(x));
    this.axis = axis;
  }

  Axis axis() {
    return axis;
  }

  @Override
  void forward(Evaluation e) {
    axis.sum(e, e.rows(input()), input().size().columns(), e.value(input()), e.value(output()));
  }

  @Override
  void backward(Evaluation e, int k, Place dX) {
    axis.broadcast(e.rows(input()), input().size().columns(), e.gradient(output()), dX);
  }
}
