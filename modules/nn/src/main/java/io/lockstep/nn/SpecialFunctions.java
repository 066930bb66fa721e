package io.lockstep.nn;

import static java.lang.StrictMath.exp;
import static java.lang.StrictMath.expm1;
import static java.lang.StrictMath.log;
import static java.lang.StrictMath.log1p;
import static java.lang.StrictMath.sqrt;

/**
 * Functions in double precision that families of outputs need, by {@link StrictMath}: so with the
 * same bits on every machine. Relative errors are about 1e-15, where nothing else is said.
 */
public final class SpecialFunctions {

  /** ½ log 2π. */
  static final double HALF_LOG_TWO_PI = 0.91893853320467274178;

  private static final double LOG_TWO = 0.69314718055994530942;
  private static final double ROOT_OF_TWO_OVER_PI = 0.79788456080286535588;

  /** From here on the series of log Γ and ψ have no error that shows. */
  private static final double SERIES = 10;

  /** Below it power series of log(1 + x) and exp(x) have all digits with {@link #POWERS} terms. */
  private static final double SMALL = 0.1;

  private static final int POWERS = 18;

  /**
   * Coefficients, by Chebyshev polynomials of 2t − 1, of log(erfc(z) exp(z²) / t) with t = 2 / (2 +
   * z), for all z from 0 on: the form of Shepherd and Laframboise (1981), fitted anew with 40
   * digits.
   */
  private static final double[] ERFC = {
    -1.3026537197817094,
    0.6419697923564902,
    0.019476473204185836,
    -0.009561514786808632,
    -0.0009465953444820369,
    0.00036683949785276145,
    4.252332480690777e-05,
    -2.0278578112534242e-05,
    -1.6242900046470256e-06,
    1.3036558355805232e-06,
    1.5626441722066142e-08,
    -8.523809591492654e-08,
    6.5290544390988515e-09,
    5.059343495551469e-09,
    -9.91364156493033e-10,
    -2.273651222931836e-10,
    9.646791102015527e-11,
    2.3940380830391146e-12,
    -6.886027526497553e-12,
    8.944879273090725e-13,
    3.130921399342958e-13,
    -1.1270822361367252e-13,
    3.810905255189232e-16,
    7.106097613609237e-15,
    -1.5230282014571043e-15,
    -9.457494571291233e-17,
    1.210237189224279e-16,
    -2.816663087747177e-17,
  };

  private SpecialFunctions() {}

  /** log(1 + exp(x)), without overflow. */
  public static double softplus(double x) {
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
  }

  /** 1 / (1 + exp(−x)), accurate where it is near 0. */
  public static double sigmoid(double x) {
    if (x >= 0) {
      return 1 / (1 + exp(-x));
    }
    double e = exp(x);
    return e / (1 + e);
  }

  /** log Γ(x) for x above 0; near its zeros 1 and 2 the error is absolute. */
  public static double logGamma(double x) {
    double product = 1;
    double z = x;
    for (; z < SERIES; z++) {
      product *= z;
    }
    return (z - 0.5) * log(z) - z + HALF_LOG_TWO_PI + logGammaSeries(z) - log(product);
  }

  /** log Γ(z) − (z − ½) log z + z − ½ log 2π, for z from {@link #SERIES} on (Stirling). */
  private static double logGammaSeries(double z) {
    double s = 1 / (z * z);
    double series = -691.0 / 360360;
    series = series * s + 1.0 / 1188;
    series = series * s - 1.0 / 1680;
    series = series * s + 1.0 / 1260;
    series = series * s - 1.0 / 360;
    series = series * s + 1.0 / 12;
    return series / z;
  }

  /** log Γ(r + y) − log Γ(r), for r above 0 and y from 0 on, also where r is far above y. */
  static double logGammaRise(double r, double y) {
    if (r < SERIES) {
      return logGamma(r + y) - logGamma(r);
    }
    return y * log(r + y)
        + r * log1pMinus(y / r)
        - 0.5 * log1p(y / r)
        + (logGammaSeries(r + y) - logGammaSeries(r));
  }

  /**
   * r (ψ(r + y) − ψ(r)) − y, for r above 0 and y from 0 on, also where r is far above y and this
   * near 0.
   */
  static double scaledDigammaRise(double r, double y) {
    if (r < SERIES) {
      return r * (digamma(r + y) - digamma(r)) - y;
    }
    return r * log1pMinus(y / r)
        + 0.5 * y / (r + y)
        + r * (digammaSeries(r + y) - digammaSeries(r));
  }

  /** log Γ(x) − x log x + x, for x above 0, where the terms would cancel if x is large. */
  static double logGammaRemainder(double x) {
    return x < SERIES
        ? logGamma(x) - x * log(x) + x
        : HALF_LOG_TWO_PI - 0.5 * log(x) + logGammaSeries(x);
  }

  /** ψ(x) − log x, for x above 0: near −1 / (2x) where x is large. */
  static double digammaRemainder(double x) {
    return x < SERIES ? digamma(x) - log(x) : digammaSeries(x) - 0.5 / x;
  }

  /** log(1 + x) − x, for x above −1, also near 0. */
  static double log1pMinus(double x) {
    if (StrictMath.abs(x) > SMALL) {
      return log1p(x) - x;
    }
    double sum = 0;
    for (int n = POWERS; n >= 2; n--) {
      sum = 1.0 / n - x * sum;
    }
    return -x * x * sum;
  }

  /** exp(x) − 1 − x, also near 0. */
  static double expm1Minus(double x) {
    if (StrictMath.abs(x) > SMALL) {
      return expm1(x) - x;
    }
    double sum = 1;
    for (int n = POWERS; n >= 3; n--) {
      sum = 1 + x / n * sum;
    }
    return x * x / 2 * sum;
  }

  /** ψ(x) = d log Γ(x) / dx for x above 0; near its zero 1.46 the error is absolute. */
  public static double digamma(double x) {
    double sum = 0;
    double z = x;
    for (; z < SERIES; z++) {
      sum += 1 / z;
    }
    return log(z) - 0.5 / z + digammaSeries(z) - sum;
  }

  /** ψ(z) − log z + 1 / (2z), for z from {@link #SERIES} on. */
  private static double digammaSeries(double z) {
    double s = 1 / (z * z);
    double series = 691.0 / 32760;
    series = series * s - 1.0 / 132;
    series = series * s + 1.0 / 240;
    series = series * s - 1.0 / 252;
    series = series * s + 1.0 / 120;
    series = series * s - 1.0 / 12;
    return series * s;
  }

  /** log Φ(x), the logarithm of the standard normal distribution function, also far below 0. */
  public static double logNormalCdf(double x) {
    double z = StrictMath.abs(x) / sqrt(2);
    double t = 2 / (2 + z);
    double logTail = log(t) + logErfcRatio(t) - z * z - LOG_TWO;
    return x < 0 ? logTail : log1p(-exp(logTail));
  }

  /** Φ(x). */
  public static double normalCdf(double x) {
    return exp(logNormalCdf(x));
  }

  /** φ(x) / Φ(x), the inverse of Mills' ratio of −x: near −x far below 0. */
  public static double normalHazard(double x) {
    if (x >= 0) {
      return exp(-0.5 * x * x - HALF_LOG_TWO_PI) / normalCdf(x);
    }
    double t = 2 / (2 - x / sqrt(2));
    return ROOT_OF_TWO_OVER_PI / (t * exp(logErfcRatio(t)));
  }

  /** By Clenshaw's recurrence. */
  private static double logErfcRatio(double t) {
    double x = 2 * t - 1;
    double next = 0;
    double afterNext = 0;
    for (int j = ERFC.length - 1; j > 0; j--) {
      double here = 2 * x * next - afterNext + ERFC[j];
      afterNext = next;
      next = here;
    }
    return x * next - afterNext + ERFC[0] / 2;
  }
}
