package io.lockstep.nn.graph;

import java.util.List;
import java.util.stream.Stream;

/**
 * A differentiable operation: forward beside its backward. It holds no numbers: those are in the
 * {@link Evaluation}.
 */
abstract class Primitive {

  private final String label;
  private final List<Variable> inputs;
  private Variable output;

  /**
   * @param label for people, for instance {@code exp}
   */
  Primitive(String label, List<Variable> inputs) {
    this.label = label;
    this.inputs = List.copyOf(inputs);
  }

  String label() {
    return label;
  }

  List<Variable> inputs() {
    return inputs;
  }

  Variable input() {
    return inputs.getFirst();
  }

  Variable output() {
    return output;
  }

  void setOutput(Variable output) {
    this.output = output;
  }

  /** Rows or columns that choose, beside the inputs; null of most. */
  Indices indices() {
    return null;
  }

  /** All that the output depends on: the inputs, and what the indices are read from. */
  final List<Variable> sources() {
    Indices indices = indices();
    return indices == null || indices.source() == null
        ? inputs
        : Stream.concat(inputs.stream(), Stream.of(indices.source())).toList();
  }

  /** Floats of the left factors of products, for {@code rows} rows of the batch. */
  long packedFloats(int rows) {
    return 0;
  }

  /** Floats of the transposed factors of products. */
  int transposedFloats() {
    return 0;
  }

  /** Computes the output from the inputs; its padding may be anything. */
  abstract void forward(Evaluation e);

  /**
   * From the output's gradient computes that of input {@code k}, overwriting {@code dX}, packed as
   * the input; its padding may be anything.
   */
  abstract void backward(Evaluation e, int k, Place dX);
}
