package io.lockstep.nn.graph;

import java.util.List;

/** y repeats the only row, or the only column, of x. */
final class Broadcast extends Primitive {

  private final Axis axis;

  Broadcast(Axis axis, Variable x, Dimensions to) {
    super(axis == Axis.ROWS ? "repeat row" : "repeat column", List.of(x));
    this.axis = axis;
    int one = axis == Axis.ROWS ? x.size().rows() : x.size().columns();
    Variable.require(one == 1, "broadcast to " + to + ": expected one row or column", List.of(x));
  }

  Axis axis() {
    return axis;
  }

  @Override
  void forward(Evaluation e) {
    int columns = output().size().columns();
    axis.broadcast(e.rows(output()), columns, e.value(input()), e.value(output()));
  }

  @Override
  void backward(Evaluation e, int k, Place dX) {
    axis.sum(e, e.rows(output()), output().size().columns(), e.gradient(output()), dX);
  }
}
