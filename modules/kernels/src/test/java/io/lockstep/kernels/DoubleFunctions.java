package io.lockstep.kernels;

/** Functions in double precision by textbook formulas, for tests to compare with. */
final class DoubleFunctions {
  private DoubleFunctions() {}

  static double sigmoid(double x) {
    return x < 0 ? StrictMath.exp(x) / (1 + StrictMath.exp(x)) : 1 / (1 + StrictMath.exp(-x));
  }

  static double erf(double x) {
    double t = Math.abs(x);
    return Math.copySign(t < 2 ? erfSeries(t) : 1 - erfcFraction(t), x);
  }

  /** Standard normal distribution function, precise in the lower tail. */
  static double normalCdf(double z) {
    double t = -z / StrictMath.sqrt(2);
    return t > 2 ? 0.5 * erfcFraction(t) : 0.5 * (1 - erf(t));
  }

  static double normalDensity(double z) {
    return StrictMath.exp(-0.5 * z * z) / StrictMath.sqrt(2 * Math.PI);
  }

  static double activate(Activation h, double z) {
    return switch (h) {
      case IDENTITY -> z;
      case SIGMOID -> sigmoid(z);
      case RELU -> Math.max(0, z);
      case TANH -> StrictMath.tanh(z);
      case LEAKY_RELU -> z > 0 ? z : 0.01 * z;
      case ELU -> z > 0 ? z : StrictMath.expm1(z);
      case SOFTPLUS -> Math.max(0, z) + StrictMath.log1p(StrictMath.exp(-Math.abs(z)));
      case GELU -> z * normalCdf(z);
      case SILU -> z * sigmoid(z);
    };
  }

  static double derivative(Activation h, double z) {
    return switch (h) {
      case IDENTITY -> 1;
      case SIGMOID -> sigmoid(z) * sigmoid(-z);
      case RELU -> z > 0 ? 1 : 0;
      case TANH -> 1 - StrictMath.tanh(z) * StrictMath.tanh(z);
      case LEAKY_RELU -> z > 0 ? 1 : 0.01;
      case ELU -> z > 0 ? 1 : StrictMath.exp(z);
      case SOFTPLUS -> sigmoid(z);
      case GELU -> normalCdf(z) + z * normalDensity(z);
      case SILU -> sigmoid(z) * (1 + z * sigmoid(-z));
    };
  }

  /** Maclaurin series. */
  private static double erfSeries(double t) {
    double sum = t;
    double term = t;
    for (int n = 1; Math.abs(term) > 1e-19 * sum; n++) {
      term *= -t * t / n;
      sum += term / (2 * n + 1);
    }
    return sum * 2 / StrictMath.sqrt(Math.PI);
  }

  /** Laplace's continued fraction of erfc, for t from 2 on. */
  private static double erfcFraction(double t) {
    if (t > 27) {
      return 0;
    }
    double fraction = t;
    for (int k = 120; k >= 1; k--) {
      fraction = t + k / 2.0 / fraction;
    }
    return StrictMath.exp(-t * t) / (StrictMath.sqrt(Math.PI) * fraction);
  }
}
