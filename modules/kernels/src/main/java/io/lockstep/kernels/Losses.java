package io.lockstep.kernels;

/**
 * Losses per row and their gradients in the linear predictor η. Gradients are those of the row's
 * own loss: they are summed over rows and divided by the sum of weights once, at the root of the
 * reduction tree.
 *
 * <p>A null {@code dEta} asks for the losses only. dEta may be eta itself at the same position.
 * Nothing is allocated. A NaN or infinite η, where it matters, makes the row's loss and gradient
 * NaN or infinite; nothing is thrown.
 */
public interface Losses {

  /**
   * Softmax and cross-entropy: loss[i] = log Σ_c exp η[i][c] − η[i][label], stable for any finite
   * η; dη = softmax(η) − onehot(label), padding columns zero. The denominator is summed in a fixed
   * shape: lane-wise over panels in increasing order, then the 16 lanes pairwise (8, 4, 2, 1).
   *
   * @param eta packed [rows][classes]; overwritten with exp(η − max η) if {@code dEta} is null
   * @param labels in [0, classes)
   * @param loss [rows], from lossAt
   * @param predicted [rows], from lossAt: the class of the largest η, the first of equals; 0 if
   *     η[i][0] is NaN
   */
  void softmaxCrossEntropy(
      int rows,
      int classes,
      float[] eta,
      int etaAt,
      int[] labels,
      int labelsAt,
      float[] dEta,
      int dEtaAt,
      float[] loss,
      int[] predicted,
      int lossAt);

  /**
   * p = softmax(η) in the same fixed order; p packed like η, padding columns zero; may be η itself.
   */
  void softmax(int rows, int classes, float[] eta, int etaAt, float[] p, int pAt);

  /**
   * loss[i] = scale · Σ_c (η[i][c] − y[i][c])², dη = 2 · scale · (η − y), padding columns zero; the
   * sum over c in the fixed shape of {@link #softmaxCrossEntropy}.
   *
   * @param eta packed [rows][columns]
   * @param y packed [rows][columns]
   */
  void squaredError(
      int rows,
      int columns,
      float scale,
      float[] eta,
      int etaAt,
      float[] y,
      int yAt,
      float[] dEta,
      int dEtaAt,
      float[] loss,
      int lossAt);
}
