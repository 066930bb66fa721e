package io.lockstep.nn;

import io.lockstep.kernels.Elementwise;
import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Panels;
import io.lockstep.kernels.Products;
import io.lockstep.kernels.Scratch;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory of one pass and the arguments of its current call: what operations work on. One
 * thread's; allocated once (partial sums of custom layers by the first calls), nothing per call.
 */
final class Workspace {

  /** All values and gradients, each packed [rows][width] for the rows of this call. */
  final float[] arena;

  /** Room for a layer's Wᵀ, or a part of it. */
  final float[] transposed;

  final Scratch scratch;

  private final Kernels kernels;
  private final MemoryPlan plan;
  private final int maxRows;
  private final Leaf[] leaves;
  private final CustomLayer[] layers;
  private final int partialFloats;

  /** Slots 1, 2, … of the tree over leaves, as many as a call has needed so far. */
  private final List<float[]> partials = new ArrayList<>();

  // The arguments of the current call, see Pass.train.
  float[] theta;
  float[] gradient;
  int rows;
  int leafRows;
  int firstRow;
  long step;
  long seed;
  boolean training;

  /** Case weights of the rows; null where each has weight 1. */
  float[] weights;

  PassListener listener;

  Workspace(Graph graph, Kernels kernels, int maxRows) {
    this.plan = graph.plan();
    this.kernels = kernels;
    this.maxRows = maxRows;
    this.arena = new float[arenaFloats(plan.columns(), maxRows)];
    this.transposed = new float[graph.transposedFloats()];
    this.scratch = new Scratch(maxRows, graph.productDepth());
    this.leaves = graph.operations().stream().map(Operation::newLeaf).toArray(Leaf[]::new);
    this.layers =
        graph.operations().stream()
            .map(operation -> operation.layerForPass(kernels, maxRows))
            .toArray(CustomLayer[]::new);
    this.partialFloats = graph.partialFloats();
  }

  private static int arenaFloats(int columns, int maxRows) {
    long floats = (long) columns * maxRows;
    if (floats > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "pass: expected at most "
              + (Integer.MAX_VALUE - 8) / columns
              + " rows at once for this network but found "
              + maxRows);
    }
    return (int) floats;
  }

  Kernels kernels() {
    return kernels;
  }

  Products products() {
    return kernels.products();
  }

  Elementwise elementwise() {
    return kernels.elementwise();
  }

  /** Position of {@code value} in the arena. */
  int at(Value value) {
    return plan.valueAt(value) * maxRows;
  }

  /** Position of what {@code operation} keeps beside its output. */
  int savedAt(Operation operation) {
    return plan.savedAt(operation) * maxRows;
  }

  /** Position of the gradient of {@code value}. */
  int gradientAt(Value value) {
    return plan.gradientAt(value) * maxRows;
  }

  /** Position to which {@code operation} writes the gradient of its input {@code k}. */
  int inputGradientAt(Operation operation, int k) {
    return plan.inputGradientAt(operation, k) * maxRows;
  }

  /** The view of leaves that {@code operation} hands to its layer. */
  Leaf leaf(Operation operation) {
    return leaves[MemoryPlan.index(operation)];
  }

  /** The layer that {@code operation} computes with. */
  CustomLayer layer(Operation operation) {
    return layers[MemoryPlan.index(operation)];
  }

  /** Where a custom layer's gradient is summed: in slot 0 of the tree the gradient itself. */
  float[] partial(int slot) {
    while (partials.size() < slot) {
      partials.add(new float[partialFloats]);
    }
    return slot == 0 ? gradient : partials.get(slot - 1);
  }

  /**
   * After an operation's backward: adds its part to the gradients of values with more consumers.
   */
  void accumulate(Operation operation) {
    for (int k = 0; k < operation.inputs().size(); k++) {
      if (plan.adds(operation, k)) {
        Value input = operation.inputs().get(k);
        int partAt = inputGradientAt(operation, k);
        int length = Panels.size(rows, input.width());
        elementwise().add(arena, gradientAt(input), arena, partAt, length);
      }
    }
  }

  /** Whether all elements of {@code value} in rows [fromRow, toRow) are finite. */
  boolean finite(Value value, int fromRow, int toRow) {
    int at = at(value);
    for (int column = 0; column < value.width(); column++) {
      for (int row = fromRow; row < toRow; row++) {
        if (!Float.isFinite(arena[at + Panels.index(rows, row, column)])) {
          return false;
        }
      }
    }
    return true;
  }
}
