package io.lockstep.nn;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.LeafTree;
import io.lockstep.kernels.Panels;
import io.lockstep.nn.ParameterLayout.Range;
import java.util.Arrays;
import java.util.List;

/**
 * A {@link CustomLayer}, leaf by leaf; the gradients of its parameters are added in the tree over
 * the leaves. So neither depends on how many leaves a pass computes at once.
 */
final class CustomOperation implements Operation {

  private final List<Value> inputs;
  private final Value x;
  private final Value y;
  private final Layer.Custom layer;
  private final List<Range> ranges;

  /** The layer's part of θ, padding included. */
  private final int parametersAt;

  private final int parametersLength;

  CustomOperation(Value x, Value y, Layer.Custom layer, List<Range> ranges) {
    this.inputs = List.of(x);
    this.x = x;
    this.y = y;
    this.layer = layer;
    this.ranges = ranges;
    this.parametersAt = ranges.isEmpty() ? 0 : ranges.getFirst().packedAt();
    this.parametersLength = ranges.stream().mapToInt(Range::packedLength).sum();
  }

  @Override
  public List<Value> inputs() {
    return inputs;
  }

  Value input() {
    return x;
  }

  @Override
  public Value output() {
    return y;
  }

  List<Range> ranges() {
    return ranges;
  }

  @Override
  public int savedColumns() {
    return Panels.paddedColumns(layer.savedColumns());
  }

  @Override
  public int partialFloats() {
    return parametersLength;
  }

  @Override
  public Leaf newLeaf() {
    return new Leaf(x, y, layer.savedColumns(), ranges);
  }

  @Override
  public CustomLayer layerForPass(Kernels kernels, int maxRows) {
    return layer.custom().forPass(kernels, maxRows, x.needsGradient());
  }

  @Override
  public int workingColumns() {
    return layer.custom().workingColumns();
  }

  @Override
  public void forward(Workspace w) {
    if (parametersLength > 0) {
      w.listener.awaitWeights(parametersAt, parametersAt + parametersLength);
    }
    zero(w, w.at(y), y);
    Leaf leaf = w.leaf(this);
    for (int from = 0; from < w.rows; from += w.leafRows) {
      leaf.show(w, this, from, Math.min(from + w.leafRows, w.rows));
      try {
        w.layer(this).forward(leaf);
      } catch (RuntimeException failure) {
        throw new LayerException(layer.name(), layer.custom(), "forward", failure);
      }
    }
  }

  /** The first leaf of a sum has slot 0, the gradient itself; others have slots of their own. */
  @Override
  public void backward(Workspace w) {
    if (x.needsGradient()) {
      zero(w, w.inputGradientAt(this, 0), x);
    }
    int leaves = LeafTree.leaves(w.rows, w.leafRows);
    for (int index = 0; index < leaves; index++) {
      int slot = LeafTree.slot(index);
      backward(w, index * w.leafRows, slot);
      for (int merges = LeafTree.merges(index, leaves); merges > 0; merges--) {
        addToSlotBelow(w, slot--);
      }
    }
    if (parametersLength > 0) {
      w.listener.gradientReady(parametersAt, parametersAt + parametersLength);
    }
  }

  private void backward(Workspace w, int from, int slot) {
    float[] sums = w.partial(slot);
    int at = partialAt(slot);
    Arrays.fill(sums, at, at + parametersLength, 0f);
    Leaf leaf = w.leaf(this);
    leaf.show(w, this, from, Math.min(from + w.leafRows, w.rows));
    leaf.showGradients(this, from, sums, at - parametersAt);
    try {
      w.layer(this).backward(leaf);
    } catch (RuntimeException failure) {
      throw new LayerException(layer.name(), layer.custom(), "backward", failure);
    }
  }

  private void addToSlotBelow(Workspace w, int slot) {
    float[] below = w.partial(slot - 1);
    w.elementwise()
        .add(below, partialAt(slot - 1), w.partial(slot), partialAt(slot), parametersLength);
  }

  private int partialAt(int slot) {
    return slot == 0 ? parametersAt : 0;
  }

  /** Padding included, which stays zero: what reads the matrix next may count on it. */
  private static void zero(Workspace w, int at, Value value) {
    Arrays.fill(w.arena, at, at + Panels.size(w.rows, value.width()), 0f);
  }
}
