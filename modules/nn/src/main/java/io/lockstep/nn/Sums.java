package io.lockstep.nn;

/**
 * What rows yield beside their gradient, summed in the same binary tree as the gradient. Mutable,
 * so that it can be reused; not thread-safe.
 */
public final class Sums {

  /** {@link #nonFiniteLayer} where all layers are finite. */
  public static final int NONE = Integer.MAX_VALUE;

  /** Sum of the rows' weights: what the sum of gradients is divided by. */
  public double weight;

  /** Sum of the rows' losses. */
  public double loss;

  /** Sum of the weights of rows that were predicted right; 0 where nothing is right or wrong. */
  public double correct;

  /** Sum of the rows' deviances; 0 in training, and where the loss is no likelihood. */
  public double deviance;

  /**
   * The first layer whose output is not finite, an index into {@link Network#layers()}; {@link
   * #NONE} while the loss is finite.
   */
  public int nonFiniteLayer = NONE;

  /** Back to the sums of no rows. */
  public void clear() {
    weight = 0;
    loss = 0;
    correct = 0;
    deviance = 0;
    nonFiniteLayer = NONE;
  }

  /** Overwrites these sums with {@code other}. */
  public void copy(Sums other) {
    weight = other.weight;
    loss = other.loss;
    correct = other.correct;
    deviance = other.deviance;
    nonFiniteLayer = other.nonFiniteLayer;
  }

  /** A node of the tree: these sums are its left child and become the node. */
  public void add(Sums other) {
    weight += other.weight;
    loss += other.loss;
    correct += other.correct;
    deviance += other.deviance;
    nonFiniteLayer = Math.min(nonFiniteLayer, other.nonFiniteLayer);
  }

  @Override
  public String toString() {
    return "Sums[weight="
        + weight
        + ", loss="
        + loss
        + ", correct="
        + correct
        + ", deviance="
        + deviance
        + ", nonFiniteLayer="
        + (nonFiniteLayer == NONE ? "none" : nonFiniteLayer)
        + "]";
  }
}
