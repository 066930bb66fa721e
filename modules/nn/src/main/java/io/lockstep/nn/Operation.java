package io.lockstep.nn;

import io.lockstep.kernels.Kernels;
import java.util.List;

/**
 * A node of the computational graph: forward beside its backward. It names its inputs, and holds no
 * arrays: they are in the {@link Workspace} of the pass, at the positions of the {@link
 * MemoryPlan}.
 */
interface Operation {

  /** The values that it reads. */
  List<Value> inputs();

  /** The value that it yields. */
  Value output();

  /** Columns per row that forward keeps for backward beside the output. */
  default int savedColumns() {
    return 0;
  }

  /**
   * Whether the gradient of the only input may take the place of the output's gradient: backward
   * then finds both at the same position.
   */
  default boolean gradientInPlace() {
    return false;
  }

  /**
   * The most columns of a matrix that backward or forward packs as the left factor of a product.
   */
  default int productDepth() {
    return 0;
  }

  /** Floats of the transposed weights that backward makes at once. */
  default int transposedFloats() {
    return 0;
  }

  /** Floats of a partial sum of parameter gradients that backward keeps while it adds leaves. */
  default int partialFloats() {
    return 0;
  }

  /** What a pass keeps to show leaves to a {@link CustomLayer}; null for other operations. */
  default Leaf newLeaf() {
    return null;
  }

  /** The layer that a pass computes with; null of operations other than custom layers. */
  default CustomLayer layerForPass(Kernels kernels, int maxRows) {
    return null;
  }

  /** Floats for each row of the memory of {@link #layerForPass}. */
  default int workingColumns() {
    return 0;
  }

  /** Computes the output from the inputs. */
  void forward(Workspace w);

  /**
   * From the output's gradient, which it may overwrite, computes the gradients of the parameters
   * and of those inputs that need one, at {@link Workspace#inputGradientAt}. Both are overwritten:
   * the pass adds up what a value gets from several consumers.
   */
  void backward(Workspace w);
}
