package io.lockstep.nn;

import io.lockstep.kernels.CounterRandom;
import io.lockstep.kernels.CounterRandom.Purpose;
import io.lockstep.nn.ParameterLayout.Range;
import java.util.List;

/**
 * The rows of one micro-batch (or of one unit of an evaluation) as a {@link CustomLayer} sees them.
 * One thread's; reused from call to call, so that nothing is allocated in a step.
 */
public final class Leaf {

  private final Matrix input;
  private final Matrix output;
  private final Matrix saved;
  private final Matrix outputGradient;
  private final Matrix inputGradient;
  private final Matrix[] parameters;
  private final Matrix[] gradients;
  private final int layer;
  private final boolean wantsInputGradient;
  private Workspace w;
  private int firstRow;

  Leaf(Value x, Value y, int savedColumns, List<Range> ranges) {
    this.input = new Matrix(x.width());
    this.output = new Matrix(y.width());
    this.saved = new Matrix(savedColumns);
    this.outputGradient = new Matrix(y.width());
    this.inputGradient = new Matrix(x.width());
    this.parameters = views(ranges);
    this.gradients = views(ranges);
    this.layer = y.layer();
    this.wantsInputGradient = x.needsGradient();
  }

  private static Matrix[] views(List<Range> ranges) {
    return ranges.stream().map(range -> new Matrix(range.columns())).toArray(Matrix[]::new);
  }

  /** Shows rows [from, to) of the call that {@code w} works on. */
  void show(Workspace w, CustomOperation operation, int from, int to) {
    this.w = w;
    this.firstRow = w.firstRow + from;
    int rows = to - from;
    input.show(w.arena, w.at(operation.input()), w.rows, from, rows);
    output.show(w.arena, w.at(operation.output()), w.rows, from, rows);
    saved.show(w.arena, w.savedAt(operation), w.rows, from, rows);
    show(parameters, operation.ranges(), w.theta, 0);
  }

  /**
   * Shows the gradients of the rows, too.
   *
   * @param sums holds those of the parameters, in the order of θ
   * @param at added to a parameter's position in θ gives its position in {@code sums}
   */
  void showGradients(CustomOperation operation, int from, float[] sums, int at) {
    outputGradient.show(w.arena, w.gradientAt(operation.output()), w.rows, from, rows());
    if (wantsInputGradient) {
      inputGradient.show(w.arena, w.inputGradientAt(operation, 0), w.rows, from, rows());
    }
    show(gradients, operation.ranges(), sums, at);
  }

  private static void show(Matrix[] views, List<Range> ranges, float[] array, int at) {
    for (int i = 0; i < views.length; i++) {
      Range range = ranges.get(i);
      views[i].show(array, at + range.packedAt(), range.rows(), 0, range.rows());
    }
  }

  /** Position of the first row among those of all leaves of the pass's call. */
  public int offset() {
    return firstRow - w.firstRow;
  }

  /** Number of rows, at least 1. */
  public int rows() {
    return input.rows();
  }

  /** x [rows][in]; not to be written to. */
  public Matrix input() {
    return input;
  }

  /** y [rows][width]. */
  public Matrix output() {
    return output;
  }

  /** [rows][savedColumns]: what backward needs beside input and output. */
  public Matrix saved() {
    return saved;
  }

  /** Parameter number {@code index}, [rows][columns] of it; not to be written to. */
  public Matrix parameter(int index) {
    return parameters[index];
  }

  /** dL/dy [rows][width]; in backward only. */
  public Matrix outputGradient() {
    return outputGradient;
  }

  /** The gradient of parameter number {@code index}, laid out as it; in backward only. */
  public Matrix gradient(int index) {
    return gradients[index];
  }

  /** Whether layers before this one have parameters, so that backward has to compute dL/dx. */
  public boolean wantsInputGradient() {
    return wantsInputGradient;
  }

  /**
   * dL/dx [rows][in]; in backward only.
   *
   * @throws IllegalStateException if it is not wanted
   */
  public Matrix inputGradient() {
    if (!wantsInputGradient) {
      throw new IllegalStateException(
          "the gradient of the input is not wanted here; ask wantsInputGradient() first");
    }
    return inputGradient;
  }

  /** The sum of the case weights of the rows: {@link #rows} where they have none. */
  public double weight() {
    if (w.weights == null) {
      return rows();
    }
    double sum = 0;
    for (int row = 0; row < rows(); row++) {
      sum += w.weights[offset() + row];
    }
    return sum;
  }

  /** Whether this is a training step, and not an evaluation or prediction. */
  public boolean training() {
    return w.training;
  }

  /**
   * A random number from 0 to less than 1: a function of the run's seed, the step, the layer, the
   * position of the row in the step's batch, and {@code index}. So backward can draw it again. In a
   * training step only.
   *
   * @throws IllegalStateException outside of training
   */
  public double uniform(int row, int index) {
    if (!w.training) {
      throw new IllegalStateException("there are no random numbers outside of training");
    }
    long key = CounterRandom.bits(w.seed, Purpose.CUSTOM_LAYER, w.step, layer);
    return CounterRandom.uniform(
        CounterRandom.bits(key, Purpose.CUSTOM_LAYER, firstRow + row, index));
  }
}
