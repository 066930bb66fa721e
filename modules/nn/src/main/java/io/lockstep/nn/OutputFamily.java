package io.lockstep.nn;

import io.lockstep.kernels.Kernels;
import java.util.function.DoubleSupplier;

/**
 * What the network's output η means: the distribution (or plain loss) that scores it against the
 * targets, and the mean that a prediction reports. Implementations are stateless.
 *
 * <p>A family of your own implements {@link UnivariateFamily}, which asks for one number at a time;
 * this interface is for what needs a row's outputs together, or kernels.
 *
 * <p>All matrices are packed, see {@link io.lockstep.kernels.Panels}. η has a column for each
 * output, and, if the family's {@link #shape()} is learned, one more with its logarithm. Losses and
 * gradients are those of each single row: nothing here divides by a number of rows.
 */
public interface OutputFamily {

  /** The family's name in configurations, for instance {@code categorical}. */
  String name();

  /** Whether targets are class labels; else they are values, one per output. */
  boolean classification();

  /**
   * Whether predictions are right or wrong, so that {@link #loss} fills {@link Targets#predicted}.
   */
  default boolean hasAccuracy() {
    return classification();
  }

  /** Whether the loss is a negative log-likelihood, so that there are deviance and sampling. */
  default boolean isLikelihood() {
    return true;
  }

  /**
   * Whether the means of a row are probabilities: those of its classes, or of each value that it is
   * 1 rather than 0.
   */
  default boolean yieldsProbabilities() {
    return classification() && isLikelihood();
  }

  /** A second parameter of the distribution. */
  default Shape shape() {
    return Shape.NONE;
  }

  /** Whether a target value, finite, may be a value of the distribution. */
  default boolean supports(double y) {
    return true;
  }

  /** What {@link #supports} asks for, for instance {@code counts (0, 1, 2, …)}. */
  default String support() {
    return "finite numbers";
  }

  /**
   * The family for one pass, which one thread uses, with memory of its own; this family itself
   * where it needs none. Called where the pass is made; loss, deviance and mean are then called on
   * what it returns, and none of them should allocate.
   *
   * @param outputs columns of the targets
   * @param maxRows the most rows of a call
   */
  default OutputFamily forPass(Kernels kernels, int outputs, int maxRows) {
    return this;
  }

  /**
   * Floats for each row of the memory of {@link #forPass}.
   *
   * @throws IllegalArgumentException if the family does not fit so many outputs
   */
  default int workingColumns(int outputs) {
    return 0;
  }

  /**
   * The loss of each row and its gradient in η.
   *
   * @param rows number of rows
   * @param outputs columns of the targets
   * @param eta packed [rows][outputs], with one more column if the shape is learned
   * @param targets labels or values of the rows; where there is an accuracy the family also writes
   *     the predictions
   * @param dEta packed as η, overwritten, padding zero; may be {@code eta} at the same position;
   *     null where only losses are wanted
   * @param loss [rows], overwritten
   */
  void loss(
      Kernels kernels,
      int rows,
      int outputs,
      float[] eta,
      int etaAt,
      Targets targets,
      float[] dEta,
      int dEtaAt,
      float[] loss);

  /**
   * The deviance of each row: twice the log-likelihood that it would have if η fitted it perfectly,
   * less the one that it has, times the dispersion where R's {@code glm} does so. Called after
   * {@link #loss} without gradient.
   *
   * @param eta as {@link #loss} left it
   * @param loss [rows], from {@link #loss}
   * @param deviance [rows], overwritten
   */
  void deviance(
      int rows,
      int outputs,
      float[] eta,
      int etaAt,
      Targets targets,
      float[] loss,
      double[] deviance);

  /**
   * The mean of the distribution, or the class probabilities, in place of η.
   *
   * @param eta packed [rows][outputs], with one more column if the shape is learned; the outputs
   *     are overwritten with the mean
   */
  void mean(Kernels kernels, int rows, int outputs, float[] eta, int etaAt);

  /**
   * Draws a row of targets.
   *
   * @param eta [outputs] of the row
   * @param shape value of {@link #shape()}
   * @param uniforms independent numbers, uniform from 0 to less than 1
   * @param y [outputs], overwritten; the class in y[0] if targets are labels
   * @throws UnsupportedOperationException unless {@link #isLikelihood()}
   */
  void sample(double[] eta, double shape, DoubleSupplier uniforms, double[] y);

  /**
   * What the rows of a batch should yield, and what they are predicted to be; the arrays belong to
   * a {@link Pass} and are filled anew for each batch. A family uses either labels or values.
   *
   * @param labels the class of each row, [rows]
   * @param predicted the most probable class of each row, [rows], written by the family. A family
   *     of values with an accuracy writes how many of a row's values it takes for another, and
   *     zeros to {@code labels}
   * @param values packed [rows][outputs]
   */
  record Targets(int[] labels, int[] predicted, float[] values) {}
}
