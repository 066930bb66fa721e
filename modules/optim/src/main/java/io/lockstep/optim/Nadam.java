package io.lockstep.optim;

import io.lockstep.kernels.Kernels;
import io.lockstep.kernels.Updates;
import java.util.Arrays;

/**
 * Nadam, Adam with Nesterov's momentum (Dozat 2016): m and s as those of {@link Adam}; θ ← θ − rate
 * · ((1 − μₜ) / (1 − Πₜ) · g + μₜ₊₁ / (1 − Πₜ μₜ μₜ₊₁) · m) / (√ŝ + epsilon), where μₜ = beta1 · (1
 * − ½ · 0.96^(0.004 t)) and Πₜ = μ₁ ⋯ μₜ, t = 1, 2, …. That μₜ is in the second product twice is as
 * PyTorch 1.13 has it; it makes the first steps differ from Dozat's in the fifth digit.
 */
public final class Nadam implements Optimizer {

  /** Where the product no longer shows beside 1. */
  private static final double NEGLIGIBLE = 1e-18;

  private static final double MOMENTUM_DECAY = 0.004;

  private final double beta1;
  private final double beta2;
  private final double epsilon;
  private final double weightDecay;

  /** Πₜ at t; beyond the end it is 0. */
  private final double[] products;

  /**
   * @param beta1 decay of the mean, in [0, 1)
   * @param beta2 decay of the mean square, in [0, 1)
   * @param epsilon above 0 (as a float)
   * @param weightDecay λ of L2 weight decay, at least 0
   */
  public Nadam(double beta1, double beta2, double epsilon, double weightDecay) {
    Checks.requireFraction("nadam beta1", beta1);
    Checks.requireFraction("nadam beta2", beta2);
    Checks.requirePositive("nadam epsilon", (float) epsilon);
    Checks.requireNotNegative("nadam weightDecay", weightDecay);
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.weightDecay = weightDecay;
    this.products = products();
  }

  /** beta1 0.9, beta2 0.999, epsilon 1e-8, without weight decay. */
  public Nadam() {
    this(0.9, 0.999, 1e-8, 0);
  }

  private double[] products() {
    double[] all = new double[64];
    all[0] = 1;
    int t = 0;
    while (all[t] > NEGLIGIBLE) {
      t++;
      all = t == all.length ? Arrays.copyOf(all, 2 * t) : all;
      all[t] = all[t - 1] * momentum(t);
    }
    return Arrays.copyOf(all, t);
  }

  /** μₜ. */
  private double momentum(long t) {
    return beta1 * (1 - 0.5 * StrictMath.pow(0.96, MOMENTUM_DECAY * t));
  }

  private double product(long t) {
    return t < products.length ? products[(int) t] : 0;
  }

  @Override
  public int stateArrays() {
    return 2;
  }

  @Override
  public double weightDecay() {
    return weightDecay;
  }

  /** The rates are computed in double by StrictMath, so with the same bits everywhere. */
  @Override
  public boolean apply(
      Kernels kernels, Updates.Range range, long update, double rate, double[] totals) {
    long t = update + 1;
    double correction2 = 1 - StrictMath.pow(beta2, (double) t);
    return kernels
        .updates()
        .nadam(
            range,
            (float) (rate * (1 - momentum(t)) / (1 - product(t))),
            (float) (rate * momentum(t + 1) / (1 - product(t) * momentum(t) * momentum(t + 1))),
            (float) (1 / StrictMath.sqrt(correction2)),
            beta1,
            beta2,
            (float) epsilon);
  }

  @Override
  public String describe() {
    return "nadam(beta1="
        + beta1
        + ", beta2="
        + beta2
        + ", epsilon="
        + epsilon
        + ", weightDecay="
        + weightDecay
        + ")";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Nadam that && describe().equals(that.describe());
  }

  @Override
  public int hashCode() {
    return describe().hashCode();
  }

  @Override
  public String toString() {
    return describe();
  }
}
