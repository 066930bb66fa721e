package io.lockstep.kernels;

import static io.lockstep.kernels.ElementaryFunctions.exp;

/**
 * The scalar twin of the activations and their derivatives: one element. NaN gives NaN, so that a
 * diverged run is seen.
 */
final class ScalarActivations {
  private ScalarActivations() {}

  /** h(z). */
  static float activate(Activation h, float z) {
    return switch (h) {
      case IDENTITY -> z;
      case SIGMOID -> ElementaryFunctions.sigmoid(z);
      case RELU -> z <= 0f ? 0f : z;
      case TANH -> ElementaryFunctions.tanh(z);
      case LEAKY_RELU -> z > 0f ? z : Activation.LEAKY_SLOPE * z;
      case ELU -> z > 0f ? z : ElementaryFunctions.expMinusOneNegative(z);
      case SOFTPLUS -> softplus(z);
      case GELU -> gelu(z);
      case SILU -> silu(z);
    };
  }

  /** log(1 + exp(z)) = max(z, 0) + log(1 + exp(−|z|)). */
  private static float softplus(float z) {
    float positive = z > 0f ? z : 0f;
    return positive + ElementaryFunctions.logOfOnePlus(exp(-Math.abs(z)));
  }

  /** z Φ(z), 0 where Φ is 0, also at −∞. */
  private static float gelu(float z) {
    float cdf = ElementaryFunctions.normalCdf(z, ElementaryFunctions.gaussian(z));
    return cdf == 0f ? 0f : z * cdf;
  }

  /** z sigmoid(z), 0 where the sigmoid is 0, also at −∞. */
  private static float silu(float z) {
    float s = ElementaryFunctions.sigmoid(z);
    return s == 0f ? 0f : z * s;
  }

  /** h'(z), from a where {@link Activation#derivativeFromOutput()}, else from z. */
  static float derivative(Activation h, float z, float a) {
    return switch (h) {
      case IDENTITY -> 1f;
      case SIGMOID -> a * (1f - a);
      case RELU -> a > 0f ? 1f : 0f;
      case TANH -> Math.fma(-a, a, 1f);
      case LEAKY_RELU -> a > 0f ? 1f : Activation.LEAKY_SLOPE;
      case ELU -> a > 0f ? 1f : a + 1f;
      case SOFTPLUS -> ElementaryFunctions.sigmoid(z);
      case GELU -> geluDerivative(z);
      case SILU -> siluDerivative(z);
    };
  }

  /** Φ(z) + z φ(z). */
  private static float geluDerivative(float z) {
    float gaussian = ElementaryFunctions.gaussian(z);
    float cdf = ElementaryFunctions.normalCdf(z, gaussian);
    return gaussian == 0f ? cdf : Math.fma(z, gaussian * ElementaryFunctions.NORMAL_DENSITY, cdf);
  }

  /** s + s z (1 − s). */
  private static float siluDerivative(float z) {
    float s = ElementaryFunctions.sigmoid(z);
    float rest = 1f - s;
    float slope = rest == 0f || s == 0f ? 0f : z * rest;
    return Math.fma(s, slope, s);
  }
}
