package io.lockstep.config;

/** The values of {@code network.output.link}: how the mean μ depends on the linear predictor η. */
public enum Link {
  /** μ = softmax(η) over the classes. */
  SOFTMAX,
  /** μ = 1 / (1 + exp(−η)). */
  LOGIT,
  /** μ = Φ(η). */
  PROBIT,
  /** μ = 1 − exp(−exp η): complementary log-log. */
  CLOGLOG,
  /** μ = exp η. */
  LOG,
  /** μ = η. */
  IDENTITY
}
