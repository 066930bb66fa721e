package io.lockstep.kernels;

/**
 * Elementwise activation functions a = h(z), with the derivative that backpropagation multiplies
 * by.
 *
 * <p>Where the derivative is a function of the output alone, the pre-activation z need not be kept:
 * the activation may overwrite it.
 */
public enum Activation {
  /** h(z) = z. */
  IDENTITY(true),
  /** h(z) = 1 / (1 + exp(-z)); h' = a (1 - a). */
  SIGMOID(true),
  /** h(z) = max(0, z); h' = 1 where a &gt; 0, else 0. */
  RELU(true),
  /** h(z) = tanh z; h' = 1 - a². */
  TANH(true),
  /** h(z) = z where z &gt; 0, else 0.01 z. */
  LEAKY_RELU(true),
  /**
   * h(z) = z where z &gt; 0, else exp(z) - 1 (Clevert, Unterthiner, Hochreiter 2016, with α = 1).
   */
  ELU(true),
  /** h(z) = log(1 + exp(z)); h' = sigmoid(z). */
  SOFTPLUS(false),
  /**
   * h(z) = z Φ(z), Φ the standard normal distribution function, by erf (Hendrycks and Gimpel 2016,
   * the exact form).
   */
  GELU(false),
  /** h(z) = z sigmoid(z) (Elfwing, Uchibe, Doya 2018). */
  SILU(false);

  /** Slope of {@link #LEAKY_RELU} for negative z. */
  public static final float LEAKY_SLOPE = 0.01f;

  private final boolean derivativeFromOutput;

  Activation(boolean derivativeFromOutput) {
    this.derivativeFromOutput = derivativeFromOutput;
  }

  /** Whether the derivative needs only the output a, so that a may overwrite z. */
  public boolean derivativeFromOutput() {
    return derivativeFromOutput;
  }
}
