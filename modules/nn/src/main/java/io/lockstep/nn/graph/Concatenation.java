package io.lockstep.nn.graph;

import java.util.ArrayList;
import java.util.List;

/** y = the columns of all inputs, one after the other. */
final class Concatenation extends Primitive {

  private Concatenation(List<Variable> inputs) {
    super("concat", inputs);
  }

  static Concatenation of(Variable first, Variable... others) {
    List<Variable> inputs = new ArrayList<>();
    inputs.add(first);
    inputs.addAll(List.of(others));
    Variable.require(
        inputs.stream().allMatch(input -> input.size().rows() == first.size().rows()),
        "concat: expected equally many rows",
        inputs);
    return new Concatenation(inputs);
  }

  Dimensions size() {
    return new Dimensions(input().size().rows(), firstColumn(inputs().size()));
  }

  /** Where in y the columns of input {@code k} begin. */
  private int firstColumn(int k) {
    int column = 0;
    for (int before = 0; before < k; before++) {
      column += inputs().get(before).size().columns();
    }
    return column;
  }

  @Override
  void forward(Evaluation e) {
    int rows = e.rows(output());
    for (int k = 0; k < inputs().size(); k++) {
      Variable x = inputs().get(k);
      int width = x.size().columns();
      Columns.copy(rows, e.value(x), 0, e.value(output()), firstColumn(k), width);
    }
  }

  @Override
  void backward(Evaluation e, int k, Place dX) {
    int width = inputs().get(k).size().columns();
    Columns.copy(e.rows(output()), e.gradient(output()), firstColumn(k), dX, 0, width);
  }
}
