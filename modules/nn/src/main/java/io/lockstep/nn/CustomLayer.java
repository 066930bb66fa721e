package io.lockstep.nn;

import io.lockstep.kernels.Kernels;
import java.util.List;
import java.util.Locale;

/**
 * A layer of a user's own, y = f(x, parameters), between the built-in ones.
 *
 * <p>A configuration names its class, {@code { type = com.example.MyLayer, … }}, which needs a
 * public constructor {@code (int in, LayerOptions options)}: the columns of its input and its keys
 * in the configuration. A program may also hand an instance to {@link Network.Builder#custom}.
 *
 * <p>Rows come leaf by leaf: the rows of one micro-batch, or in an evaluation of one unit. What a
 * layer computes must be a <b>pure function</b> of what the {@link Leaf} gives it, with the same
 * bits on every machine: then the trained weights are the same with any number of workers. So
 *
 * <ul>
 *   <li>it keeps nothing from call to call (one instance serves all threads at once), and draws
 *       random numbers from {@link Leaf#uniform} alone;
 *   <li>it computes with +, −, ·, /, {@link Math#sqrt}, {@link Math#fma} and {@link StrictMath}:
 *       {@link Math#exp} and the like may differ from machine to machine;
 *   <li>a row of its output depends on that row of its input, at least where it is not {@linkplain
 *       Leaf#training training}, since evaluation and prediction group rows in other ways.
 * </ul>
 *
 * An exception that it throws ends the run, as a {@link LayerException}.
 */
public interface CustomLayer {

  /** Columns of the output, at least 1. */
  int width();

  /**
   * The parameters in the order of θ, running statistics included; their names are unlike one
   * another.
   */
  default List<Parameter> parameters() {
    return List.of();
  }

  /** Columns of {@link Leaf#saved}, what forward keeps of each row for backward; at least 0. */
  default int savedColumns() {
    return 0;
  }

  /** One word for what the layer is, by which it is numbered: {@code scale} in {@code scale1}. */
  default String kind() {
    String simple = getClass().getSimpleName();
    return simple.isEmpty() ? "custom" : simple.toLowerCase(Locale.ROOT);
  }

  /** Options and the like, for people; may be empty. */
  default String detail() {
    return "";
  }

  /**
   * The layer for one pass, which one thread uses, with memory of its own; this layer itself where
   * it needs none. Called where the pass is made; forward and backward are then called on what it
   * returns, and none of them should allocate.
   *
   * @param maxRows the most rows of all leaves of a call
   * @param wantsInputGradient see {@link Leaf#wantsInputGradient}
   */
  default CustomLayer forPass(Kernels kernels, int maxRows, boolean wantsInputGradient) {
    return this;
  }

  /** Floats for each row of the memory of {@link #forPass}. */
  default int workingColumns() {
    return 0;
  }

  /** From input and parameters computes {@link Leaf#output}, which is zero before. */
  void forward(Leaf leaf);

  /**
   * From {@link Leaf#outputGradient}, dL/dy, computes the gradients of the parameters, {@link
   * Leaf#gradient}, summed over the rows of the leaf, and, where one is wanted, of the input,
   * {@link Leaf#inputGradient}. All of them are zero before. Input, output and saved columns are
   * those of the forward pass. L is the sum of the rows' losses: nothing is divided by a number of
   * rows.
   */
  void backward(Leaf leaf);
}
