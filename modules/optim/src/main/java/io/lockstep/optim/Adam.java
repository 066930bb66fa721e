package io.lockstep.optim;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Updates;

/**
 * Adam (Kingma and Ba 2015): m ← beta1 · m + (1 − beta1) · g; s ← beta2 · s + (1 − beta2) · g²; θ ←
 * θ − rate · m̂ / (√ŝ + epsilon) with m̂ = m / (1 − beta1ᵗ), ŝ = s / (1 − beta2ᵗ), t = 1, 2, ….
 * With decoupled weight decay it is AdamW (Loshchilov and Hutter 2019): θ shrinks by rate · λ · θ
 * and g has no part of θ.
 *
 * @param beta1 decay of the mean, in [0, 1)
 * @param beta2 decay of the mean square, in [0, 1)
 * @param epsilon above 0 (as a float)
 * @param weightDecay λ, at least 0
 * @param decoupled whether weight decay is decoupled from g (AdamW)
 */
public record Adam(
    double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled)
    implements Optimizer {

  /** Checks the parameters. */
  public Adam {
    Checks.requireFraction(name(decoupled) + " beta1", beta1);
    Checks.requireFraction(name(decoupled) + " beta2", beta2);
    Checks.requirePositive(name(decoupled) + " epsilon", (float) epsilon);
    Checks.requireNotNegative(name(decoupled) + " weightDecay", weightDecay);
  }

  /** Adam with beta1 0.9, beta2 0.999, epsilon 1e-8, without weight decay. */
  public Adam() {
    this(0.9, 0.999, 1e-8, 0, false);
  }

  /** AdamW with beta1 0.9, beta2 0.999, epsilon 1e-8. */
  public static Adam w(double weightDecay) {
    return new Adam(0.9, 0.999, 1e-8, weightDecay, true);
  }

  @Override
  public int stateArrays() {
    return 2;
  }

  /** The corrections are computed in double by StrictMath, so with the same bits everywhere. */
  @Override
  public boolean apply(
      Kernels kernels, Updates.Range range, long update, double rate, double[] totals) {
    double correction1 = 1 - StrictMath.pow(beta1, (double) (update + 1));
    double correction2 = 1 - StrictMath.pow(beta2, (double) (update + 1));
    float decay = range.decay;
    float decoupledDecay = decoupled ? (float) (rate * decay) : 0;
    range.decay = decoupled ? 0 : decay;
    boolean finite =
        kernels
            .updates()
            .adam(
                range,
                (float) (rate / correction1),
                (float) (1 / StrictMath.sqrt(correction2)),
                beta1,
                beta2,
                (float) epsilon,
                decoupledDecay);
    range.decay = decay;
    return finite;
  }

  @Override
  public String describe() {
    return name(decoupled)
        + "(beta1="
        + beta1
        + ", beta2="
        + beta2
        + ", epsilon="
        + epsilon
        + ", weightDecay="
        + weightDecay
        + ")";
  }

  private static String name(boolean decoupled) {
    return decoupled ? "adamw" : "adam";
  }
}
