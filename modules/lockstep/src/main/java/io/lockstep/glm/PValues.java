package io.lockstep.glm;

import io.lockstep.nn.SpecialFunctions;
import org.apache.commons.math3.distribution.TDistribution;

/** Two-sided tail probabilities. Stateless. */
final class PValues {

  private PValues() {}

  /** P(|Z| ≥ |z|) of the standard normal distribution. */
  static double normal(double z) {
    return 2 * SpecialFunctions.normalCdf(-Math.abs(z));
  }

  /** P(|T| ≥ |t|) of Student's distribution; NaN without degrees of freedom. */
  static double student(double t, int degreesOfFreedom) {
    return degreesOfFreedom < 1
        ? Double.NaN
        : 2 * new TDistribution(null, degreesOfFreedom).cumulativeProbability(-Math.abs(t));
  }
}
