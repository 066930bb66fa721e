package io.lockstep.nn;

import io.lockstep.kernels.Panels;
import io.lockstep.nn.ParameterLayout.Range;
import io.lockstep.nn.ParameterLayout.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * The computational graph of a network: operations in topological order, their parameters in the
 * order of θ. Forward runs it in order, backward in reverse. Immutable, shared by all passes.
 */
final class Graph {

  private final Value input;
  private final List<Operation> operations;
  private final OutputFamily family;
  private final int outputs;
  private final MemoryPlan plan;
  private final int workingColumns;

  /**
   * @param operations in topological order; the output of operation i has id i + 1
   * @param family scores the output of the last operation
   */
  Graph(Value input, List<Operation> operations, OutputFamily family) {
    this.input = input;
    this.operations = List.copyOf(operations);
    this.family = family;
    this.outputs = output().width() - (family.shape().learned() ? 1 : 0);
    this.plan = new MemoryPlan(input, this.operations);
    this.workingColumns =
        family.workingColumns(outputs)
            + this.operations.stream().mapToInt(Operation::workingColumns).sum();
  }

  /**
   * The graph in which each layer reads the output of the layer before it, and the end of a
   * residual connection that of one more.
   */
  static Graph ofChain(
      int inputWidth, List<Layer> layers, ParameterLayout parameters, OutputFamily family) {
    Value input = new Value(0, -1, inputWidth, false);
    List<Operation> operations = new ArrayList<>();
    List<Value> values = new ArrayList<>(List.of(input));
    for (int index = 0; index < layers.size(); index++) {
      Operation operation = operation(values, index, layers.get(index), parameters);
      operations.add(operation);
      values.add(operation.output());
    }
    return new Graph(input, operations, family);
  }

  /**
   * @param values the input, then the outputs of the layers before
   */
  private static Operation operation(
      List<Value> values, int index, Layer layer, ParameterLayout parameters) {
    Value x = values.getLast();
    if (layer instanceof Layer.Residual residual) {
      Value skipped = values.get(residual.from() + 1);
      boolean either = x.needsGradient() || skipped.needsGradient();
      return new AddOperation(x, skipped, new Value(index + 1, index, layer.width(), either));
    }
    boolean needsGradient = x.needsGradient() || layer.parameterCount() > 0;
    Value y = new Value(index + 1, index, layer.width(), needsGradient);
    return switch (layer) {
      case Layer.Dense dense ->
          new DenseOperation(
              x,
              y,
              dense.activation(),
              range(parameters, index, Role.WEIGHT),
              range(parameters, index, Role.BIAS));
      case Layer.Dropout dropout -> new DropoutOperation(x, y, (float) dropout.rate());
      case Layer.Residual residual -> throw new IllegalStateException("made above");
      case Layer.Custom custom -> new CustomOperation(x, y, custom, parameters.ofLayer(index));
    };
  }

  private static Range range(ParameterLayout parameters, int layer, Role role) {
    return parameters.ofLayer(layer).stream()
        .filter(range -> range.role() == role)
        .findFirst()
        .orElseThrow();
  }

  Value input() {
    return input;
  }

  List<Operation> operations() {
    return operations;
  }

  /** Columns of the targets. */
  int outputs() {
    return outputs;
  }

  /** The linear predictor η that the family scores, and its shape, if that is learned. */
  Value output() {
    return operations.getLast().output();
  }

  OutputFamily family() {
    return family;
  }

  MemoryPlan plan() {
    return plan;
  }

  int productDepth() {
    return operations.stream().mapToInt(Operation::productDepth).max().orElse(0);
  }

  int transposedFloats() {
    return operations.stream().mapToInt(Operation::transposedFloats).max().orElse(0);
  }

  int partialFloats() {
    return operations.stream().mapToInt(Operation::partialFloats).max().orElse(0);
  }

  /** Floats per row of the targets. */
  int targetColumns() {
    return family.classification() ? 0 : Panels.paddedColumns(outputs);
  }

  /**
   * Arena, memory of layers and family, row tiles of a product, targets; label, prediction, loss,
   * deviance, offset and weight; the leaf's sums.
   */
  long bytesPerRow() {
    long floats = (long) plan.columns() + workingColumns + productDepth() + targetColumns();
    return Float.BYTES * floats + 2 * Integer.BYTES + 3 * Float.BYTES + Double.BYTES + 56;
  }

  /** Bytes whatever the rows: the transposed weights. */
  long fixedBytes() {
    return (long) Float.BYTES * transposedFloats();
  }
}
