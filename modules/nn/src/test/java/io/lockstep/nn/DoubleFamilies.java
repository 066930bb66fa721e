package io.lockstep.nn;

/** Log-densities of the families, straight from the textbook's definitions in the mean. */
final class DoubleFamilies {

  private DoubleFamilies() {}

  static double logDensity(OutputFamily family, double y, double eta, double shape) {
    double mean = Math.exp(eta);
    return switch (family) {
      case Bernoulli bernoulli -> {
        double p = probability(bernoulli.link(), eta);
        yield Math.log(y == 1 ? p : 1 - p);
      }
      case Poisson f -> y * eta - mean - logFactorial(y);
      case NegativeBinomial f ->
          logRising(y, shape)
              - logFactorial(y)
              + shape * Math.log(shape / (shape + mean))
              + y * Math.log(mean / (shape + mean));
      case Gamma f -> gamma(y, mean, shape);
      case Exponential f -> -y / mean - eta;
      default -> throw new IllegalArgumentException(family.name());
    };
  }

  private static double probability(Bernoulli.Link link, double eta) {
    return switch (link) {
      case LOGIT -> 1 / (1 + Math.exp(-eta));
      case PROBIT -> DoubleNetwork.normalDistribution(eta);
      case CLOGLOG -> 1 - Math.exp(-Math.exp(eta));
    };
  }

  private static double gamma(double y, double mean, double shape) {
    double scale = mean / shape;
    return (shape - 1) * Math.log(y) - y / scale - shape * Math.log(scale) - stirling(shape);
  }

  private static double logFactorial(double y) {
    return logRising(y, 1);
  }

  /** log(Γ(y + r) / Γ(r)) for a count y. */
  private static double logRising(double y, double r) {
    double sum = 0;
    for (int k = 0; k < y; k++) {
      sum += Math.log(r + k);
    }
    return sum;
  }

  /** log Γ(x), by Γ(x) = Γ(x + 100) / (x (x + 1) … (x + 99)). */
  private static double stirling(double x) {
    double z = x + 100;
    double large =
        (z - 0.5) * Math.log(z)
            - z
            + 0.5 * Math.log(2 * Math.PI)
            + 1 / (12 * z)
            - 1 / (360 * z * z * z);
    return large - logRising(100, x);
  }
}
