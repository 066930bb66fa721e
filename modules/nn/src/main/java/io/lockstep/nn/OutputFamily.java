package io.lockstep.nn;

import io.lockstep.kernels.Kernels;

/**
 * What the network's output η means: the distribution (or plain loss) that scores it against the
 * targets, and the mean that a prediction reports. Implementations are stateless.
 *
 * <p>All matrices are packed, see {@link io.lockstep.kernels.Panels}. Losses and gradients are
 * those of each single row: nothing here divides by a number of rows.
 */
public interface OutputFamily {

  /** The family's name in configurations, for instance {@code categorical}. */
  String name();

  /** Whether targets are class labels; else they are values, one per output. */
  boolean classification();

  /**
   * The loss of each row and its gradient in η.
   *
   * @param rows number of rows
   * @param outputs columns of η
   * @param eta packed [rows][outputs]
   * @param targets labels or values of the rows; a classification also writes the predictions
   * @param dEta packed [rows][outputs], overwritten, padding zero; null where only losses are
   *     wanted
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
   * The mean of the distribution, or the class probabilities, in place of η.
   *
   * @param eta packed [rows][outputs], overwritten with the mean
   */
  void mean(Kernels kernels, int rows, int outputs, float[] eta, int etaAt);

  /**
   * What the rows of a batch should yield, and what they are predicted to be; the arrays belong to
   * a {@link Pass} and are filled anew for each batch. A family uses either labels or values.
   *
   * @param labels the class of each row, [rows]
   * @param predicted the most probable class of each row, [rows], written by the family
   * @param values packed [rows][outputs]
   */
  record Targets(int[] labels, int[] predicted, float[] values) {}
}
